import { groupBindings, groups, labels, workspaceOf, type Group, type GroupBinding } from '../../schemas/iam/v1alpha2.js'
import { qualifiedResource, singularOf } from '../../schemas/kube/object.js'
import { badRequest, conflict, invalid, listPage, notFound, withEntry, type Identity, type Kube, type ListQuery, type Metadata, type Page } from '../../core/sdk/index.js'
import { missingHere, nameMismatch } from './errors.js'
import type { Holdings } from './holdings.js'
import { writable } from './metadata.js'
import { inWorkspace, plainSelector } from './selector.js'
import type { Writer } from './writer.js'

export interface GroupMember { userName?: string, groupName?: string }
export interface GroupsOptions { kube: Kube, holdings: Holdings, writer: Writer }

const free = [labels.groupParent]
const withZeros = (group: Group): Group => ({ ...group, spec: group.spec ?? {}, status: group.status ?? {} })
const userFilter = { user: ({ users = [] }: GroupBinding, value: string) => users.includes(value) }

const bindingFor = (workspace: string, user: string, group: string): GroupBinding => ({
  metadata: { name: '', generateName: `${group}-${user}-`, labels: { [labels.userRef]: user, [labels.groupRef]: group, [labels.workspace]: workspace } },
  groupRef: { apiGroup: groups.group, kind: groups.resource, name: group },
  users: [user],
})

/** Groups of a workspace and who is in them; what is another workspace's is not there. */
export function createGroups ({ kube, holdings, writer }: GroupsOptions) {
  const all = kube.store(groups)
  const members = kube.store(groupBindings)
  const byWorkspace = all.index('workspace', group => [workspaceOf(group)])
  const membersByWorkspace = members.index('workspace', binding => [workspaceOf(binding)])

  async function stored (workspace: string, name: string): Promise<Group> {
    const group = await kube.find(groups, { name })
    if (!group || workspaceOf(group) !== workspace) throw missingHere('group', name)
    return group
  }

  /** A group's parent is a group of the same workspace. */
  function placed (caller: Identity, workspace: string, asked: Metadata, old?: Group): Metadata {
    const parent = asked.labels?.[labels.groupParent]
    if (parent && (byWorkspace.get(workspace).every(({ metadata }) => metadata.name !== parent) || parent === asked.name)) throw missingHere('group', parent)
    const metadata = writable(asked, old?.metadata, { administrator: holdings.isAdministrator(caller), free })
    return withEntry({ metadata }, 'labels', labels.workspace, workspace).metadata
  }

  return {
    list: (workspace: string, query: ListQuery): Page<Group> =>
      listPage(all, { ...query, filters: new Map([...query.filters].filter(([key]) => key !== 'label')) }, { among: byWorkspace.get(workspace), show: withZeros }),

    get (workspace: string, name: string): Group {
      const group = all.get(name)
      if (!group || workspaceOf(group) !== workspace) throw notFound(singularOf(groups), name)
      return withZeros(group)
    },

    create: (caller: Identity, workspace: string, asked: Metadata): Promise<Group> => writer.serial(`groups/${workspace}`, async () => {
      const { generateName } = asked
      if (!generateName) throw invalid(qualifiedResource(groups), asked.name, [{ field: 'metadata.generateName', reason: 'FieldValueRequired', message: 'Required value: generateName is required' }])
      if (byWorkspace.get(workspace).some(({ metadata }) => metadata.generateName === generateName)) throw conflict(qualifiedResource(groups), generateName, `a group named ${generateName} already exists in the workspace`)
      const { resourceVersion: _none, ...metadata } = placed(caller, workspace, asked)
      return withZeros(await writer.create(groups, { metadata, spec: {}, status: {} } as Group))
    }),

    async update (caller: Identity, workspace: string, name: string, asked: Metadata): Promise<Group> {
      if (asked.name !== name) throw nameMismatch(asked.name, name)
      const old = await stored(workspace, name)
      return withZeros(await writer.update(groups, { ...old, metadata: placed(caller, workspace, asked, old) }))
    },

    async patch (caller: Identity, workspace: string, name: string, asked: Metadata): Promise<Group> {
      const { uid } = (await stored(workspace, name)).metadata
      const { labels: own, annotations, resourceVersion } = placed(caller, workspace, { ...asked, name })
      return withZeros(await writer.patch(groups, { name }, { metadata: { uid, resourceVersion, labels: asked.labels ? own : undefined, annotations } }))
    },

    async remove (workspace: string, name: string): Promise<void> {
      const { uid } = (await stored(workspace, name)).metadata
      await writer.remove(groups, { name }, { uid })
    },

    listMembers (workspace: string, query: ListQuery): Page<GroupBinding> {
      const labelSelector = inWorkspace(plainSelector(query.labelSelector), workspace)
      return listPage(members, { ...query, labelSelector }, { among: membersByWorkspace.get(workspace), filters: userFilter })
    },

    /** Puts people into groups: groups of this workspace, whose members hold no more than the caller does. */
    async addMembers (caller: Identity, workspace: string, wanted: readonly GroupMember[]): Promise<GroupBinding[] | null> {
      for (const { userName = '', groupName = '' } of wanted) {
        if (userName === '') throw badRequest('the name of a member must not be empty')
        await stored(workspace, groupName)
        holdings.requireGroup(caller, groupName, groupBindings)
      }
      const made: GroupBinding[] = []
      for (const { userName = '', groupName = '' } of wanted) made.push(await writer.create(groupBindings, bindingFor(workspace, userName, groupName)))
      // As ks-apiserver: nothing asked for is null, not an empty list.
      return made.length ? made : null
    },

    async removeMember (workspace: string, name: string): Promise<void> {
      const binding = await kube.find(groupBindings, { name })
      if (!binding || workspaceOf(binding) !== workspace) throw missingHere('groupbinding', name)
      await writer.remove(groupBindings, { name }, { uid: binding.metadata.uid })
    },
  }
}

export type Groups = ReturnType<typeof createGroups>
