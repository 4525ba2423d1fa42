import { isDeepStrictEqual } from 'node:util'
import { labels, users, type User } from '../../../schemas/iam/v1alpha2.js'
import { configMaps, signingRequests, type ConfigMap, type SigningRequest } from '../../../schemas/kube/builtin.js'
import { controllerOf, defineReconciler, timestampOf, unlessMissing, watched, withEntry, type Key, type Kube, type Reconciler, type StorePart } from '../../../core/sdk/index.js'
import { createCertificates, requestPart } from './certificate-request.js'
import { briefOf, briefWithKey, endOf, kubeconfigOf, readKubeconfig, writeKubeconfig, type Kubeconfig } from './kubeconfig-text.js'
import { controlsNamespace as namespace, longestName, usernameLabel } from './person.js'

const prefix = 'kubeconfig-'
/** When the certificate of a kubeconfig ends. */
const expiresAnnotation = 'iam.kubesphere.io/kubeconfig-expires'
/** A certificate that ends within this time (ms) is replaced. */
const margin = 72 * 3_600_000
/** Whether somebody may have a credential. */
const isOpen = ({ status }: User): boolean => status?.state !== undefined && status.state !== '' && status.state !== 'Disabled'

/** The ConfigMaps of kubeconfigs with a brief in place of each text: there is one for everybody, and texts are read where they are changed. */
const configPart: StorePart = {
  namespace,
  brief: {
    name: 'kubeconfigs',
    of: (map: ConfigMap) => map.data?.config === undefined ? map : { ...map, data: { config: briefOf(map.data.config) } },
  },
}

/** Keeps a kubeconfig with a certificate of its own for everybody, where Kubernetes signs certificates; others get one without. */
export function kubeconfigReconciler ({ kube, now = Date.now }: { kube: Kube, now?: () => number }): Reconciler {
  const people = kube.store(users)
  const configs = kube.store(configMaps, configPart)
  const requests = kube.store(signingRequests, requestPart)
  const certificates = createCertificates({ kube, now })

  const isOf = ({ metadata: { ownerReferences = [] } }: ConfigMap, user: User): boolean => ownerReferences.some(({ uid }) => uid === user.metadata.uid)
  const remove = ({ metadata }: ConfigMap) => kube.delete(configMaps, metadata, { preconditions: { ...(metadata.uid ? { uid: metadata.uid } : {}) } }).catch(unlessMissing)

  function mapOf (user: User, there: ConfigMap | undefined, config: Kubeconfig): ConfigMap {
    const { name } = user.metadata
    const made = there ?? { metadata: { name: `${prefix}${name}`, namespace, labels: { [usernameLabel]: name }, ownerReferences: [controllerOf(users, user)] } }
    const noted = withEntry(made, 'annotations', expiresAnnotation, config.credential && timestampOf(endOf(config.credential)))
    return isDeepStrictEqual(readKubeconfig(name, there?.data?.config ?? ''), config) ? noted : { ...noted, data: { ...there?.data, config: writeKubeconfig(name, config) } }
  }

  async function store (user: User, there: ConfigMap | undefined, config: Kubeconfig): Promise<void> {
    const wanted = mapOf(user, there, config)
    if (wanted === there) return
    const { metadata } = await (there ? kube.update(configMaps, wanted) : kube.create(configMaps, wanted))
    // Before the request goes: the event of that must not find the old state, and ask once more.
    await configs.waitFor(metadata, metadata.resourceVersion ?? '')
  }

  /** What was made for somebody of this name who has gone is not handed to whoever comes next. */
  async function find (user: User): Promise<ConfigMap | undefined> {
    const seen = configs.get(`${prefix}${user.metadata.name}`, namespace)
    const found = seen && await kube.find(configMaps, seen.metadata)
    if (!found || isOf(found, user)) return found
    await remove(found)
    return undefined
  }

  /** Most events of people, such as a log-in or the start of this process, change nothing here: a cheap look keeps them out of the queue. */
  function isSettled (user: User): boolean {
    const there = configs.get(`${prefix}${user.metadata.name}`, namespace)
    const endpoint = kube.transport.endpoint?.()
    if (!there || !endpoint || !isOf(there, user) || !isOpen(user) || user.metadata.deletionTimestamp) return false
    return there.data?.config === briefWithKey(kubeconfigOf(endpoint, undefined)) && Date.parse(there.metadata.annotations?.[expiresAnnotation] ?? '') - margin > now()
  }

  /** An open request of somebody is looked at in any case: it may have been left behind. */
  function asked ({ metadata: { name, labels } }: SigningRequest): Key[] {
    const person = labels?.[usernameLabel] ?? ''
    return requests.get(name) ? [{ name: person }] : unsettled(person)
  }

  const unsettled = (name: string, user = people.get(name)): Key[] => user && !isSettled(user) ? [{ name }] : []

  async function end (name: string, user: User | undefined): Promise<void> {
    await certificates.end(name)
    const there = configs.get(`${prefix}${name}`, namespace)
    if (user?.metadata.deletionTimestamp && there && isOf(there, user)) await remove(there)
  }

  return defineReconciler({
    name: 'csr',
    standsDownFor: ['user', 'csr'],
    watches: [
      watched(users, user => unsettled(user.metadata.name, user)),
      watched(configMaps, ({ metadata: { name } }) => name.startsWith(prefix) ? unsettled(name.slice(prefix.length)) : [], configPart),
      watched(signingRequests, asked, requestPart),
    ],
    async reconcile ({ name }) {
      const user = people.get(name)
      const endpoint = kube.transport.endpoint?.()
      if (!user || !endpoint || user.metadata.deletionTimestamp || name.length > longestName || user.metadata.labels?.[labels.federated] === 'true') return end(name, user)
      const there = await find(user)
      const stored = there && readKubeconfig(name, there.data?.config ?? '')
      if (!isOpen(user)) {
        await certificates.end(name)
        return store(user, there, kubeconfigOf(endpoint, undefined))
      }
      // Another root means another Kubernetes, or one that was restored elsewhere: it knows none of the old certificates.
      const kept = stored?.ca === kubeconfigOf(endpoint, undefined).ca ? stored.credential : undefined
      const left = kept ? endOf(kept) - margin - now() : 0
      if (left > 0) await certificates.end(name)
      const outcome = left > 0 ? { again: left } : await certificates.obtain(user)
      await store(user, there, kubeconfigOf(endpoint, 'credential' in outcome ? outcome.credential : kept))
      if ('again' in outcome) return outcome
      await certificates.end(name)
      return { again: endOf(outcome.credential) - margin - now() }
    },
  })
}
