import { setImmediate } from 'node:timers/promises'
import { defineKind, type KubeObject } from '../../../schemas/kube/object.js'
import { badRequest, isMissing } from '../../errors/status-error.js'
import type { Kind, Kube } from '../../kube/types.js'
import { parseLabelSelector, selectorText, type SelectorObject } from '../../request/selectors.js'

interface Application extends KubeObject { status?: { components?: { kind?: string, name?: string }[] } }
interface Service extends KubeObject { spec?: { selector?: Record<string, string> } }
interface HelmRelease extends KubeObject { spec?: { name?: string } }
interface Workload extends KubeObject { spec?: { selector?: SelectorObject } }

const namespaced = { namespaced: true }
const applications = defineKind<Application>('app.k8s.io/v1beta1', 'applications', 'Application', namespaced)
const services = defineKind<Service>('v1', 'services', 'Service', namespaced)
const pods = defineKind('v1', 'pods', 'Pod', namespaced)
const releases = defineKind<HelmRelease>('application.kubesphere.io/v1alpha1', 'helmreleases', 'HelmRelease')
const workloads = [
  ['Deployment', defineKind<Workload>('apps/v1', 'deployments', 'Deployment', namespaced)],
  ['StatefulSet', defineKind<Workload>('apps/v1', 'statefulsets', 'StatefulSet', namespaced)],
  ['DaemonSet', defineKind<Workload>('apps/v1', 'daemonsets', 'DaemonSet', namespaced)],
] as const

/** Applications, releases or services that one question may be about: each is asked for on its own. */
const most = 100

/** Something that workloads belong to: an Application or a release. */
export interface Composed { name: string, components: string[] }
export interface Served { name: string, pods: string[] }
export interface RunningWorkload { kind: string, name: string, pods: string[], release: string }

/** All of a kind in a namespace; none where the cluster has no such kind. */
async function listOf<T extends KubeObject> (kube: Kube, kind: Kind<T>, options: { namespace?: string, labelSelector?: string, signal?: AbortSignal }): Promise<T[]> {
  try { return (await kube.list(kind, options)).items } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

/** The same items; a 400 where they are too many to be asked for one by one. */
export function few<T> (items: T[], what: string): T[] {
  if (items.length > most) throw badRequest(`${what}: at most ${most} can be asked for at once`)
  return items
}

const wish = (text: string | undefined): string[] => [...new Set((text ?? '').split('|').map(name => name.trim()).filter(Boolean))]

/** `name`, or `name:version`. */
function fullName ({ metadata: { labels = {} } }: KubeObject): string {
  const { 'app.kubernetes.io/name': name = '', 'app.kubernetes.io/version': version = '' } = labels
  return version ? `${name}:${version}` : name
}

/** Longest selector that is looked at, in characters, and how long pods are looked through before other work has its turn (ms). */
const patience = { selector: 1_024, turn: 10 }

/** Whether a workload's pods have such labels; none where its selector chooses nothing, is too long, or cannot be read. */
function selects (selector: SelectorObject = {}): (labels: Record<string, string>) => boolean {
  const text = selectorText(selector)
  if (text === '' || text.length > patience.selector) return () => false
  try {
    const wanted = parseLabelSelector(text)
    return labels => wanted.matches(labels)
  } catch { return () => false }
}

/** Releases with what runs of each, by Helm's own annotation; those of which nothing runs are left out. */
export const composedOf = (releases: readonly string[], running: readonly RunningWorkload[]): Composed[] => releases
  .map(name => ({ name, components: running.filter(({ release }) => release === name).map(({ kind, name }) => `${kind}:${name}`) }))
  .filter(({ components }) => components.length > 0)

/** Reads what a project is made of, with the server's own identity: whoever is let in here may list the project's pods. */
export function createParts (kube: Kube) {
  const parts = {
    /** Applications that have workloads: those of the list `name[:version]|…`, or all. */
    async applications (namespace: string, wanted: string | undefined, signal?: AbortSignal): Promise<Composed[]> {
      const names = wish(wanted)
      const found = await listOf(kube, applications, { namespace, ...(signal ? { signal } : {}) })
      return found.flatMap((object): Composed[] => {
        const name = fullName(object)
        const components = (object.status?.components ?? []).flatMap(({ kind, name }) => kind && name ? [`${kind}:${name}`] : [])
        return name && components.length && (names.length === 0 || names.includes(name) || names.includes(name.split(':')[0]!)) ? [{ name, components }] : []
      })
    },

    /** Services of the list `a|b` with the names of their pods; the first that cannot be read ends it. */
    async services (namespace: string, wanted: string | undefined, signal?: AbortSignal): Promise<Served[]> {
      const served: Served[] = []
      for (const name of few(wish(wanted), 'services')) {
        const service = await kube.find(services, { name, namespace })
        if (!service) break
        const labelSelector = selectorText({ matchLabels: service.spec?.selector ?? {} })
        if (!labelSelector) continue
        const found = await listOf(kube, pods, { namespace, labelSelector, ...(signal ? { signal } : {}) })
        if (found.length > 0) served.push({ name, pods: found.map(({ metadata }) => metadata.name) })
      }
      return served
    },

    /** What runs in a project, with its pods and the release that it came with. */
    async workloads (namespace: string, signal?: AbortSignal): Promise<RunningWorkload[]> {
      const options = { namespace, ...(signal ? { signal } : {}) }
      const there = await listOf(kube, pods, options)
      const lists = await Promise.all(workloads.map(async ([kind, of]) => (await listOf(kube, of, options)).map(object => ({ kind, object }))))
      const running: RunningWorkload[] = []
      let since = performance.now()
      for (const { kind, object: { metadata: { name, annotations }, spec } } of lists.flat()) {
        if (signal?.aborted) break
        const isMine = selects(spec?.selector)
        const mine = there.filter(({ metadata: { labels = {} } }) => isMine(labels))
        running.push({ kind, name, pods: mine.map(({ metadata }) => metadata.name), release: annotations?.['meta.helm.sh/release-name'] ?? '' })
        if (performance.now() - since < patience.turn) continue
        await setImmediate()
        since = performance.now()
      }
      return running
    },

    /** Names of the app store's releases in a project: of those whose objects are listed, or of all. */
    async releaseNames (namespace: string, wanted: string | undefined, signal?: AbortSignal): Promise<string[]> {
      const ids = wish(wanted)
      const found = await listOf(kube, releases, { labelSelector: `kubesphere.io/namespace=${namespace}`, ...(signal ? { signal } : {}) })
      return found.filter(({ metadata }) => ids.length === 0 || ids.includes(metadata.name)).flatMap(({ spec }) => spec?.name ?? [])
    },

    /** Releases with what runs of them. */
    async releases (namespace: string, wanted: string | undefined, signal?: AbortSignal): Promise<Composed[]> {
      const names = await parts.releaseNames(namespace, wanted, signal)
      return names.length === 0 ? [] : composedOf(names, await parts.workloads(namespace, signal))
    },
  }
  return parts
}
