import type { Logger } from 'pino'
import { customResourceDefinitions } from '../../schemas/kube/builtin.js'
import { qualifiedResource } from '../../schemas/kube/object.js'
import { unlessTaken } from '../errors/status-error.js'
import type { Seed, SeedObject } from '../sdk/group.js'
import type { Kind, Kube, KubeObject } from './types.js'

export interface SeedOptions {
  log: Logger
  /** How long new definitions may take until they are served (ms). */
  patience?: number
}

interface Definition extends KubeObject {
  spec: { versions: { name: string, storage?: boolean }[] }
  status?: { conditions?: { type: string, status: string }[] }
}

const definitions = customResourceDefinitions as Kind<Definition>
const poll = 100
const sleep = (ms: number) => new Promise(resolve => { setTimeout(resolve, ms) })
const isEstablished = ({ status }: Definition): boolean => status?.conditions?.some(({ type, status }) => type === 'Established' && status === 'True') ?? false

const existing = async <T extends KubeObject>(kube: Kube, kind: Kind<T>): Promise<Map<string, T>> =>
  new Map((await kube.list(kind)).items.map(object => [`${object.metadata.namespace ?? ''}/${object.metadata.name}`, object]))

const keyOf = ({ metadata: { name, namespace = '' } }: KubeObject): string => `${namespace}/${name}`

/** Versions that we serve and the stored definition lacks are added beside those that it has. */
async function define (kube: Kube, wanted: Definition, stored: Definition | undefined): Promise<void> {
  if (!stored) {
    await kube.create(definitions, wanted).catch(unlessTaken)
    return
  }
  const missing = wanted.spec.versions.filter(({ name }) => !stored.spec.versions.some(version => version.name === name))
  if (missing.length === 0) return
  await kube.modify(definitions, { name: stored.metadata.name }, object => ({ ...object, spec: { ...object.spec, versions: [...object.spec.versions, ...missing.map(version => ({ ...version, storage: false }))] } }))
}

async function establish (kube: Kube, names: readonly string[], patience: number): Promise<void> {
  const end = Date.now() + patience
  for (let waiting = [...names]; waiting.length > 0;) {
    const stored = await existing(kube, definitions)
    waiting = waiting.filter(name => { const one = stored.get(`/${name}`); return !one || !isEstablished(one) })
    if (waiting.length === 0) return
    if (Date.now() > end) throw new Error(`the definitions ${waiting.join(', ')} are not served yet`)
    await sleep(poll)
  }
}

const lacking = (wanted: Record<string, string> = {}, stored: Record<string, string> = {}): Record<string, string> | undefined => {
  const missing = Object.entries(wanted).filter(([key]) => !Object.hasOwn(stored, key))
  return missing.length ? Object.fromEntries(missing) : undefined
}

async function plant (kube: Kube, { kind, object, policy }: SeedObject, stored: KubeObject | undefined): Promise<void> {
  if (!stored) {
    await kube.create(kind, object).catch(unlessTaken)
    return
  }
  if (policy === 'keep') return
  const labels = lacking(object.metadata.labels, stored.metadata.labels)
  const annotations = lacking(object.metadata.annotations, stored.metadata.annotations)
  if (labels || annotations) await kube.patch(kind, object.metadata, { metadata: { ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) } })
}

/** Installs what the groups need: definitions first, then objects in their order. Runs at every start; what people changed stays. */
export async function applySeeds (kube: Kube, seeds: readonly Seed[], { log, patience = 15_000 }: SeedOptions): Promise<void> {
  const crds = seeds.flatMap(({ crds = [] }) => crds) as unknown as readonly Definition[]
  const stored = await existing(kube, definitions)
  for (const crd of crds) await define(kube, crd, stored.get(keyOf(crd)))
  await establish(kube, crds.map(({ metadata }) => metadata.name), patience)

  const found = new Map<string, Map<string, KubeObject>>()
  let created = 0
  for (const seed of seeds.flatMap(({ objects = [] }) => objects)) {
    const resource = qualifiedResource(seed.kind)
    const there = found.get(resource) ?? await existing(kube, seed.kind)
    found.set(resource, there)
    const one = there.get(keyOf(seed.object))
    await plant(kube, seed, one)
    if (!one) created++
  }
  if (created) log.info({ definitions: crds.length, created }, 'built-in objects installed')
}
