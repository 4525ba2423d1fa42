import { singularOf } from '../../schemas/kube/object.js'
import { labels, workspaceOf } from '../../schemas/iam/v1alpha2.js'
import { namespaces } from '../../schemas/kube/builtin.js'
import { workspaceQuotas, type WorkspaceQuota } from '../../schemas/tenant/kinds.js'
import { badRequest, unlessMissing, type Identity, type Kube } from '../../core/sdk/index.js'
import { checkName, metadataOf, readBody, type Wish } from './bodies.js'
import { missing } from './errors.js'
import { createUsage, sum, textsOf } from './quota-usage.js'
import type { Rights } from './rights.js'
import type { Workspaces } from './workspaces.js'

/** With the fields that clients count on. */
const shown = (quota: WorkspaceQuota): WorkspaceQuota => ({ ...quota, status: { ...quota.status, total: quota.status?.total ?? {}, namespaces: quota.status?.namespaces ?? null } })

/** The status of a quota as the cluster is now. */
export function createQuotaStatus (kube: Kube) {
  const store = kube.store(namespaces)
  const inWorkspace = store.index('workspace', quota => [workspaceOf(quota)])
  const usage = createUsage(kube)

  return async function statusOf ({ spec = {} }: WorkspaceQuota): Promise<NonNullable<WorkspaceQuota['status']>> {
    const { selector = {}, quota: { hard = {} } = {} } = spec
    const workspace = selector[labels.workspace]
    const all = workspace === undefined ? store.list() : inWorkspace.get(workspace)
    const matching = Object.keys(selector).length === 0 ? [] : all.filter(({ metadata }) => Object.entries(selector).every(([key, value]) => metadata.labels?.[key] === value))
    const used = await Promise.all(matching.map(({ metadata: { name } }) => usage(spec, name)))
    return {
      total: { hard, used: textsOf(sum(used)) },
      namespaces: matching.map(({ metadata: { name } }, i) => ({ namespace: name, hard, used: textsOf(used[i] ?? new Map()) })),
    }
  }
}

export type QuotaStatus = ReturnType<typeof createQuotaStatus>

export interface QuotasOptions { kube: Kube, rights: Rights, workspaces: Workspaces, statusOf: QuotaStatus }

/** Bounds on what the projects of a workspace use together. */
export function createQuotas ({ kube, rights, workspaces, statusOf }: QuotasOptions) {
  /** The quota of a workspace; one of another workspace is none. */
  async function member (workspace: string, name: string): Promise<WorkspaceQuota> {
    const quota = await kube.find(workspaceQuotas, { name })
    if (!quota || workspaceOf(quota) !== workspace) throw missing(singularOf(workspaceQuotas), name)
    return quota
  }

  /** A quota counts in its own workspace, whatever the body says. */
  function quotaOf (wish: Wish, user: Identity, workspace: string, stored?: WorkspaceQuota): WorkspaceQuota {
    const spec = wish.rest.spec ?? {}
    if (typeof spec !== 'object' || Array.isArray(spec)) throw badRequest('spec must be an object')
    const metadata = metadataOf(wish, { name: user.name, trusted: false, namesCreators: true }, stored)
    return {
      metadata: { ...metadata, labels: { ...metadata.labels, [labels.workspace]: workspace } },
      spec: { ...spec, selector: { [labels.workspace]: workspace }, quota: (spec as WorkspaceQuota['spec'] & object).quota ?? {} },
    }
  }

  return {
    async get (user: Identity, workspace: string, name: string): Promise<WorkspaceQuota> {
      if (!await rights.seesWorkspace(user, workspace)) throw missing(singularOf(workspaceQuotas), name)
      const quota = await member(workspace, name)
      return shown({ ...quota, status: await statusOf(quota) })
    },

    async create (user: Identity, workspace: string, body: unknown): Promise<WorkspaceQuota> {
      const quota = quotaOf(readBody(body), user, workspace)
      await workspaces.requireLiving(workspace)
      return shown(await kube.create(workspaceQuotas, quota))
    },

    async update (user: Identity, workspace: string, name: string, body: unknown): Promise<WorkspaceQuota> {
      const wish = readBody(body)
      checkName(wish, name)
      return shown(await kube.update(workspaceQuotas, quotaOf(wish, user, workspace, await member(workspace, name))))
    },

    async remove (workspace: string, name: string): Promise<void> {
      const { metadata: { uid } } = await member(workspace, name)
      await kube.delete(workspaceQuotas, { name }, uid ? { preconditions: { uid } } : {}).catch(unlessMissing)
    },
  }
}

export type Quotas = ReturnType<typeof createQuotas>
