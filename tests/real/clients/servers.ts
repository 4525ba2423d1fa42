import { existsSync } from 'node:fs'
import { pino } from 'pino'
import t from 'tap'
import type { KubeTransport } from '../../../core/sdk/index.js'
import { createEmbeddedKubernetes } from '../../../plugins/kube-embedded/index.js'
import { noCluster, startCluster } from '../../helpers/cluster.js'
import { temporaryFolder, type Owner } from '../../helpers/process.js'

export interface Server {
  readonly name: 'real' | 'embedded'
  readonly kubeconfig: string
  readonly transport: KubeTransport
  /** A folder for the caches of clients. */
  readonly home: string
}

/** The controllers of a cluster that the embedded Kubernetes has too; no workloads run in either. */
const controllers = ['namespace-controller', 'garbage-collector-controller', 'serviceaccount-controller', 'root-ca-certificate-publisher-controller', 'clusterrole-aggregation-controller', 'persistentvolumeclaim-protection-controller']

/** Ends the file where something has not been built, with a sentence; in CI that is a failure. */
export function needs (...files: readonly string[]): void {
  const missing = files.find(file => !existsSync(file))
  const why = noCluster() ?? (missing === undefined ? undefined : `${missing} has not been built: npm run test:real builds it`)
  if (why === undefined) return
  if (process.env.CI) throw new Error(why)
  t.plan(0, why)
  process.exit(0)
}

async function startEmbedded (t: Owner): Promise<Server> {
  const dataDir = temporaryFolder(t)
  const kube = await createEmbeddedKubernetes({ dataDir, log: pino({ level: 'silent' }) })
  t.teardown(() => kube.close())
  const { kubeconfig } = await kube.listen()
  return { name: 'embedded', kubeconfig, transport: kube.transport, home: temporaryFolder(t) }
}

async function startReal (t: Owner): Promise<Server> {
  const { kubeconfig, transport } = await startCluster(t, { controllers })
  return { name: 'real', kubeconfig, transport, home: temporaryFolder(t) }
}

/** A real cluster and an embedded one, both new. */
export async function startBoth (t: Owner): Promise<{ real: Server, embedded: Server }> {
  const [real, embedded] = await Promise.all([startReal(t), startEmbedded(t)])
  return { real, embedded }
}
