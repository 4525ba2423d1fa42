import type { Logger } from 'pino'
import { keepAuthority, keepCertificate, keepSecret, type KubeObject, type KubeTransport } from '../../core/sdk/index.js'
import { bootstrapRBAC } from './auth/bootstrap.js'
import { createAuth } from './auth/index.js'
import { guardUpgrades } from './auth/upgrades.js'
import { keyOf, type Context, type Timings } from './context.js'
import { Snapshots } from './continue.js'
import { startControllers } from './controllers/index.js'
import { served } from './controllers/definitions.js'
import { firstObjects } from './defaults.js'
import { isEstablished } from './definitions.js'
import { createEntry } from './entry.js'
import { builtinKinds } from './kinds/index.js'
import type { Draft, KindRow } from './kinds/types.js'
import { startListener, type Listener } from './listener.js'
import { reviewKinds } from './reviews.js'
import { Rows } from './rows.js'
import { openStorage } from './storage/index.js'
import type { Storage } from './storage/types.js'
import { sendTo } from './transport.js'
import { createUpgrades } from './websocket.js'
import { createObject, silent } from './writes.js'

export interface EmbeddedOptions {
  /** Where everything is kept. */
  dataDir: string
  log: Logger
  /** The loopback port; 0 is the port of the last time, or any. */
  port?: number
  now?: () => number
  /** For tests: objects kept elsewhere than in `dataDir`. */
  storage?: Storage
  kinds?: readonly KindRow[]
  timings?: Partial<Timings>
}

/** A Kubernetes API in this process. */
export interface EmbeddedKubernetes {
  /** In process, as system:admin unless the headers impersonate somebody; the same bytes as over the listener. */
  readonly transport: KubeTransport
  readonly storage: Storage
  /** Serves the same on a loopback port and writes a kubeconfig (path) for it. */
  listen (): Promise<{ url: string, kubeconfig: string }>
  /** Resolves when the controllers have nothing left to do. */
  settled (): Promise<void>
  /** Ends watches, finishes writes, closes the store. */
  close (): Promise<void>
}

/** The kinds of every CustomResourceDefinition that is there. */
function defineStored (context: Context) {
  const row = context.rows.find('apiextensions.k8s.io', 'v1', 'customresourcedefinitions')
  if (!row) return
  for (const { object } of context.storage.snapshot(row.bucket).range(`${row.bucket}/`)) {
    if (isEstablished(object)) context.rows.define(object.metadata.name, served(context, object))
  }
}

const bySelf = () => ({ ...silent(), manager: 'kube-apiserver' })

/** Creates what is not there, as the server itself. */
async function createAbsent (context: Context, objects: readonly KubeObject[]) {
  for (const object of objects) {
    const { name, namespace = '' } = object.metadata
    const row = context.rows.ofKind(object.apiVersion ?? '', object.kind ?? '')
    if (row && !context.storage.get(row.bucket, keyOf(row, namespace, name))) await createObject(context, row, namespace, structuredClone(object) as Draft, bySelf())
  }
}

const systemNamespaces: readonly KubeObject[] = ['default', 'kube-system', 'kube-public', 'kube-node-lease'].map(name => ({ kind: 'Namespace', apiVersion: 'v1', metadata: { name } }))

/** Opens the store, defines the kinds, starts the controllers. */
export async function createEmbeddedKubernetes (options: EmbeddedOptions): Promise<EmbeddedKubernetes> {
  const { dataDir, log, port = 0, now = Date.now, kinds = builtinKinds, timings } = options
  const secret = await keepSecret(dataDir, 'kube-secret')
  const storage = options.storage ?? await openStorage({ dir: dataDir, log })
  const rows = new Rows([...reviewKinds, ...kinds])
  const auth = await createAuth(dataDir, { storage, rows, now })
  const context: Context = {
    storage,
    rows,
    auth,
    log,
    now,
    snapshots: new Snapshots(Buffer.from(secret, 'hex'), now),
    terminating: new Set(),
    watches: new Set(),
    timings: { bookmarkInterval: 60_000, lagTimeout: 10_000, expiryInterval: 60_000, ...timings },
  }
  const certificate = await keepCertificate(dataDir, now())
  const authority = await keepAuthority(dataDir, now())
  defineStored(context)
  await createAbsent(context, systemNamespaces)
  if (kinds === builtinKinds) {
    await bootstrapRBAC(context)
    await createAbsent(context, firstObjects)
  }
  const controllers = startControllers(context, certificate.cert, authority)
  const entry = createEntry(context)
  const upgrades = guardUpgrades(context, createUpgrades(context, entry))
  const send = sendTo(entry)
  let listener: Promise<Listener> | undefined
  let closing: Promise<void> | undefined
  let server: string | undefined

  const close = async () => {
    for (const watch of [...context.watches]) watch.close()
    upgrades.close()
    await (await listener)?.close()
    await controllers.close()
    auth.close()
    await storage.close()
  }
  const closeOnce = () => {
    closing ??= close()
    return closing
  }

  return {
    transport: { inProcess: true, send, upgrade: upgrades.inProcess, endpoint: () => server ? { server, ca: certificate.cert } : undefined, close: closeOnce },
    storage,
    async listen () {
      const { url, kubeconfig } = await (listener ??= startListener({ context, entry, upgrades, dir: dataDir, certificate, clients: authority.cert, port }))
      server = url
      return { url, kubeconfig }
    },
    settled: () => controllers.settled(),
    close: closeOnce,
  }
}
