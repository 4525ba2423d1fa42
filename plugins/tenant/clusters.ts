import { singularOf } from '../../schemas/kube/object.js'
import { annotations, users } from '../../schemas/iam/v1alpha2.js'
import { clusters, workspaceTemplates, type Cluster } from '../../schemas/tenant/kinds.js'
import { listPage, parseLabelSelector, type Identity, type Kube, type ListQuery, type Page } from '../../core/sdk/index.js'
import { missing } from './errors.js'
import { namesIn, placementOf } from './placement.js'
import type { Rights } from './rights.js'

/** Without the kubeconfig, and for all but those who change clusters without the token. */
const shownTo = (changes: boolean) => (cluster: Cluster): Cluster => {
  if (!cluster.spec?.connection) return cluster
  const { kubeconfig: _kubeconfig, token, ...connection } = cluster.spec.connection
  return { ...cluster, spec: { ...cluster.spec, connection: { ...connection, ...(changes && token !== undefined ? { token } : {}) } } }
}

const everything: ListQuery = { limit: -1, page: 1, sortBy: 'creationTimestamp', ascending: false, labelSelector: '', filters: new Map() }

/** Clusters as tenants see them. */
export function createTenantClusters ({ kube, rights }: { kube: Kube, rights: Rights }) {
  const store = kube.store(clusters)
  const people = kube.store(users)
  const templates = kube.store(workspaceTemplates)
  const showTo = async (user: Identity) => shownTo(await rights.changesClusters(user))

  function granted (name: string): Cluster[] {
    const names = people.get(name)?.metadata.annotations?.[annotations.grantedClusters] ?? ''
    return [...new Set(names.split(','))].flatMap(name => store.get(name.trim()) ?? [])
  }

  function labelled (matchLabels: Record<string, string>): Cluster[] {
    const { matches } = parseLabelSelector(Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`).join(','))
    return store.list().filter(({ metadata }) => matches(metadata.labels))
  }

  return {
    async list (user: Identity, query: ListQuery): Promise<Page<Cluster>> {
      const show = await showTo(user)
      if (await rights.listsAllClusters(user)) return listPage(store, query, { show })
      // As ks-apiserver: here the selector is a filter, so that an unreadable one matches nothing (tenant.go ListClusters).
      const filters = query.labelSelector ? new Map([...query.filters, ['label', query.labelSelector] as const]) : query.filters
      return listPage(store, { ...query, labelSelector: '', filters }, { among: granted(user.name), show })
    },

    /** Where a workspace is placed. A workspace that the caller does not see has no clusters, whether it is there or not. */
    async ofWorkspace (user: Identity, name: string): Promise<Page<Cluster>> {
      if (!await rights.seesWorkspace(user, name)) return { items: [], totalItems: 0 }
      const template = templates.get(name)
      if (!template) throw missing(singularOf(workspaceTemplates), name)
      const show = await showTo(user)
      const placement = placementOf(template)
      if (placement.clusters) {
        const items = namesIn(placement).flatMap(name => store.get(name) ?? []).map(show)
        return { items, totalItems: items.length }
      }
      if (!placement.clusterSelector) return { items: [], totalItems: 0 }
      const { matchLabels } = placement.clusterSelector
      return listPage(store, everything, { ...(matchLabels ? { among: labelled(matchLabels) } : {}), show })
    },
  }
}

export type TenantClusters = ReturnType<typeof createTenantClusters>
