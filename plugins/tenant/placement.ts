import { isDeepStrictEqual } from 'node:util'
import { labels } from '../../schemas/iam/v1alpha2.js'
import { clusterRoleBindings, type BindingObject } from '../../schemas/kube/builtin.js'
import { qualifiedResource } from '../../schemas/kube/object.js'
import { clusters, type Cluster, type WorkspaceTemplate } from '../../schemas/tenant/kinds.js'
import { badRequest, forbidden, parseLabelSelector, readMember, selectorText, StatusError, type Kube, type KubeList, type SelectorObject } from '../../core/sdk/index.js'
import { missing } from './errors.js'
import type { Person, Rights } from './rights.js'

/** Where a workspace is placed, as far as it can be read; what cannot is refused by the schema. */
export interface Placement { clusters?: { name: string }[], clusterSelector?: SelectorObject }

export const placementOf = (template: WorkspaceTemplate | undefined): Placement => (template?.spec?.placement ?? {}) as Placement

const visibility = 'cluster.kubesphere.io/visibility'
const hostLabel = 'cluster-role.kubesphere.io/host'
/** Names in `clusters`; what is no list of names is a 400. */
export function namesIn ({ clusters = [] }: Placement): string[] {
  if (!Array.isArray(clusters)) throw badRequest('spec.placement.clusters must be a list')
  return clusters.map(one => {
    if (typeof one?.name !== 'string' || one.name === '') throw badRequest('spec.placement.clusters must name its clusters')
    return one.name
  })
}

export interface PlacementOptions { kube: Kube, rights: Rights, askMember?: typeof readMember }

/** Who may place workspaces on which clusters. */
export function createPlacement ({ kube, rights, askMember = readMember }: PlacementOptions) {
  const store = kube.store(clusters)
  const administrators = kube.store(clusterRoleBindings).index('user-ref', ({ metadata }) => [metadata.labels?.[labels.userRef] ?? ''])
  const isAdministrators = ({ roleRef }: BindingObject): boolean => roleRef.name === 'cluster-admin'

  /** An administrator of the cluster by its own bindings; asked there, through the kubeconfig stored for it. */
  async function administers ({ name }: Person, { metadata, spec }: Cluster): Promise<boolean> {
    if (metadata.labels?.[hostLabel] !== undefined) return administrators.get(name).some(isAdministrators)
    if (!spec?.connection?.kubeconfig) throw badRequest(`cluster ${metadata.name} has no kubeconfig to ask it with`)
    const query = new URLSearchParams({ labelSelector: `${labels.userRef}=${name}` }).toString()
    try {
      const { items } = await askMember<KubeList<BindingObject>>(Buffer.from(spec.connection.kubeconfig, 'base64').toString(), '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', query)
      return items.some(isAdministrators)
    } catch (error) {
      throw error instanceof StatusError ? error : badRequest(`cluster ${metadata.name} cannot be asked who administers it`, error)
    }
  }

  /** `openly`: a cluster that is open to all workspaces is enough. */
  async function require (person: Person, name: string, openly: boolean): Promise<void> {
    const cluster = store.get(name)
    if (!cluster) throw missing(qualifiedResource(clusters), name)
    const isOpen = cluster.metadata.labels?.[visibility] === 'public'
    if (openly && isOpen) return
    if (await rights.managesClusters(person) || await administers(person, cluster).catch((error: unknown) => { if (isOpen) return false; throw error })) return
    throw forbidden(qualifiedResource(clusters), name, `user is not allowed to use the cluster ${name}`)
  }

  /** The clusters of a placement that are there now; names win over the selector. */
  function covered (placement: Placement): Set<string> {
    if (placement.clusters) return new Set(namesIn(placement))
    const text = placement.clusterSelector && selectorText(placement.clusterSelector)
    if (text === undefined) return new Set()
    const selector = parseLabelSelector(text)
    return new Set(store.list().filter(({ metadata }) => selector.matches(metadata.labels)).map(({ metadata }) => metadata.name))
  }

  return {
    /**
     * Every cluster that enters or leaves must be the caller's to use. A selector takes in clusters to come as well: where there are clusters at
     * all, it is for those who manage them. `named`: those that stay are asked about too. Answers how many clusters were asked about: the right to
     * them says nothing of a change that touches none.
     */
    async authorise (person: Person, before: Placement, after: Placement, { openly, named = false }: { openly: boolean, named?: boolean }): Promise<number> {
      const [was, is] = [covered(before), covered(after)]
      const asked = new Set([...named ? namesIn(after) : [], ...[...is].filter(name => !was.has(name)), ...[...was].filter(name => !is.has(name) && store.get(name))])
      for (const name of asked) await require(person, name, openly)
      if (after.clusters || !after.clusterSelector || isDeepStrictEqual(after.clusterSelector, before.clusterSelector) || store.size === 0) return asked.size
      if (!await rights.managesClusters(person)) throw forbidden(qualifiedResource(clusters), '', 'a selector of clusters is set by those who manage clusters')
      return asked.size
    },
  }
}

export type PlacementRules = ReturnType<typeof createPlacement>
