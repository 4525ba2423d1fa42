import { namespaces } from '../../schemas/kube/builtin.js'
import { labels, users, workspaceOf, workspaceRoleBindings, workspaceRoles } from '../../schemas/iam/v1alpha2.js'
import { defineKind } from '../../schemas/kube/object.js'
import { clusters, devopsProjects, workspaceTemplates } from '../../schemas/tenant/kinds.js'
import { parseLabelSelector, within, type Kind, type Kube, type KubeObject, type Metric, type Results, type Store } from '../../core/sdk/index.js'

interface HelmApplication extends KubeObject { status?: { state?: string } }
const helmApplications = defineKind<HelmApplication>('application.kubesphere.io/v1alpha1', 'helmapplications', 'HelmApplication')
const repositoryLabel = 'application.kubesphere.io/repo-id'
const storeRepository = 'repo-helm'

/** The longest wait for the first list of a kind (ms). */
const patience = 5_000

/** How many objects there are, as metrics of the present moment. */
export interface Statistics {
  platform (): Promise<Results>
  workspace (name: string): Promise<Results>
}

type Count = readonly [name: string, store: Store, count: () => number]

async function measure ([name, store, count]: Count): Promise<Metric> {
  try {
    if (!store.synced) await within(store.ready(), patience, `${store.kind.resource} have not been read yet`)
    return { metric_name: name, data: { resultType: 'vector', result: [{ value: [Math.floor(Date.now() / 1000), String(count())] }] } }
  } catch (error) { return { metric_name: name, data: {}, error: (error as Error).message } }
}

export function createStatistics (kube: Kube, { appStore }: { appStore: boolean }): Statistics {
  const byWorkspace = <T extends KubeObject>(kind: Kind<T>, counts: (object: T) => boolean = () => true) => {
    const store = kube.store(kind)
    const index = store.index('monitoring: workspace', object => {
      const workspace = workspaceOf(object)
      return workspace && counts(object) ? [workspace] : []
    })
    return { store: store as Store, count: (workspace: string) => index.count(workspace) }
  }
  const projects = byWorkspace(namespaces)
  const devops = byWorkspace(devopsProjects)
  const members = byWorkspace(workspaceRoleBindings, ({ metadata }) => metadata.labels?.[labels.userRef] !== undefined)
  const roles = byWorkspace(workspaceRoles)
  const [clusterStore, templateStore, userStore] = [kube.store(clusters), kube.store(workspaceTemplates), kube.store(users)] as [Store, Store, Store]

  /** Apps that the store offers; none where it has nowhere to keep them. */
  function apps (): Count {
    if (!appStore) return ['kubesphere_app_template_count', userStore, () => 0]
    const store = kube.store(helmApplications)
    const active = store.index('monitoring: active', ({ metadata, status }) => metadata.labels?.[repositoryLabel] === storeRepository && status?.state === 'active' ? ['yes'] : [])
    return ['kubesphere_app_template_count', store as Store, () => active.count('yes')]
  }
  const platform: readonly Count[] = [
    ['kubesphere_cluser_count', clusterStore, () => Math.max(1, clusterStore.size)], // the name that clients know
    ['kubesphere_workspace_count', templateStore, () => templateStore.size],
    ['kubesphere_user_count', userStore, () => userStore.size],
    apps(),
  ]

  /** Throws for a name that can be no workspace's. */
  function projectsOf (workspace: string): number {
    parseLabelSelector(`${labels.workspace}=${workspace}`)
    return projects.count(workspace)
  }

  return {
    platform: async () => ({ results: await Promise.all(platform.map(measure)) }),
    workspace: async name => ({
      results: await Promise.all(([
        ['workspace_namespace_count', projects.store, () => projectsOf(name)],
        ['workspace_devops_project_count', devops.store, () => devops.count(name)],
        ['workspace_member_count', members.store, () => members.count(name)],
        ['workspace_role_count', roles.store, () => roles.count(name)],
      ] as const satisfies readonly Count[]).map(measure)),
    }),
  }
}
