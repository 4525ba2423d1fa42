import { labels, workspaceOf } from '../../schemas/iam/v1alpha2.js'
import { roleBindings, namespaces, type BindingObject, type Subject } from '../../schemas/kube/builtin.js'
import { devopsProjects } from '../../schemas/tenant/kinds.js'
import { badRequest, listPage, StatusError, type Identity, type Kube, type ListQuery, type Metadata, type Page } from '../../core/sdk/index.js'
import type { Bindings } from './bindings.js'
import { metadataOf, type BindingInput } from './bodies.js'
import { missing } from './errors.js'
import type { Holdings } from './holdings.js'
import type { Memberships } from './memberships.js'
import { writable } from './metadata.js'
import { scopes, workspace, type Place } from './places.js'
import { inWorkspace, plainSelector } from './selector.js'
import type { Writer } from './writer.js'

export interface RoleBindingsOptions { kube: Kube, bindings: Bindings, holdings: Holdings, memberships: Memberships, writer: Writer }

const refs: Readonly<Record<string, string>> = { Group: labels.groupRef, User: labels.userRef }

/** As ks-apiserver words it: the first subject is looked for as a user without a name. */
const nobody = (): StatusError => new StatusError({ code: 404, reason: 'NotFound', message: 'users.iam.kubesphere.io "" not found' })

/** Bindings of roles as objects, by which groups get their roles. */
export function createRoleBindings ({ kube, bindings, holdings, memberships, writer }: RoleBindingsOptions) {
  const inProjects = kube.store(roleBindings)
  const projects = kube.store(namespaces).index('iam-workspace', object => [workspaceOf(object)])
  const devops = kube.store(devopsProjects).index('iam-workspace', object => [workspaceOf(object)])

  /** The object that a body asks for; every part of it is checked, and the role is one that the caller may give. */
  function prepared (caller: Identity, place: Place, body: BindingInput): BindingObject {
    const kind = scopes[place.scope].bindings
    const { roleRef = {}, subjects = [] } = body
    const name = roleRef.name ?? ''
    const role = memberships.grantable(caller, place, name)
    const [first] = subjects
    if (!first) throw nobody()
    if (subjects.some(subject => !subject.name)) throw badRequest('the name of a subject must not be empty')
    const asked = metadataOf(body)
    if (place.scope === 'namespace' && asked.namespace && asked.namespace !== place.name) throw badRequest(`the namespace of the object (${asked.namespace}) does not match the namespace on the URL (${place.name})`)
    const { resourceVersion: _revision, uid: _uid, namespace: _namespace, ...metadata } = writable(asked, undefined, { administrator: holdings.isAdministrator(caller) })
    const { labels: own, ...mark } = scopes[place.scope].mark(place.name)
    const ref = refs[first.kind ?? '']
    const marked: Metadata = { ...metadata, ...mark, name: asked.name, generateName: `${first.name ?? ''}-${name}-`, labels: { ...metadata.labels, ...(ref ? { [ref]: first.name ?? '' } : {}), ...own } }
    const { roles } = scopes[place.scope]
    return { metadata: marked, subjects: subjects as Subject[], roleRef: { apiGroup: roleRef.apiGroup || roles.group, kind: roles.kind, name: role.metadata.name }, apiVersion: kind.group ? `${kind.group}/${kind.version}` : kind.version, kind: kind.kind }
  }

  return {
    /** Bindings of a workspace. */
    list (name: string, query: ListQuery): Page<BindingObject> {
      const labelSelector = inWorkspace(plainSelector(query.labelSelector), name)
      const filters = { rolename: ({ roleRef }: BindingObject, value: string) => roleRef.name === value }
      return listPage(kube.store(scopes.workspace.bindings), { ...query, labelSelector }, { among: bindings.of(workspace(name)), filters })
    },

    /** Bindings in every project of a workspace, a page of each. */
    listInProjects (name: string, query: ListQuery): BindingObject[] {
      const own = projects.get(name).map(({ metadata }) => metadata.name)
      const ofDevOps = devops.get(name).flatMap(({ status }) => status?.adminNamespace ? [status.adminNamespace] : [])
      return [...new Set([...own, ...ofDevOps])].flatMap(namespace => listPage(inProjects, query, { namespace }).items)
    },

    async create (caller: Identity, place: Place, bodies: readonly BindingInput[]): Promise<BindingObject[] | null> {
      const wanted = bodies.map(body => prepared(caller, place, body))
      const made: BindingObject[] = []
      for (const binding of wanted) made.push(await writer.create(scopes[place.scope].bindings, binding))
      // As ks-apiserver: nothing asked for is null, not an empty list.
      return made.length ? made : null
    },

    async remove (place: Place, name: string): Promise<void> {
      const { bindings: kind, placeOf } = scopes[place.scope]
      if (place.scope === 'namespace') return writer.remove(kind, { name, namespace: place.name })
      const binding = await kube.find(kind, { name })
      if (!binding || placeOf(binding) !== place.name) throw missing(kind, name)
      return writer.remove(kind, { name }, { uid: binding.metadata.uid })
    },
  }
}

export type RoleBindings = ReturnType<typeof createRoleBindings>
