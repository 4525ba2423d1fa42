import { labels } from '../../schemas/iam/v1alpha2.js'
import type { BindingObject, RoleObject } from '../../schemas/kube/builtin.js'
import { alreadyExists, badRequest, StatusError, unlessMissing, type Identity, type Kind } from '../../core/sdk/index.js'
import { apiVersionOf, qualifiedResource } from '../../schemas/kube/object.js'
import { userSubjects, type Bindings } from './bindings.js'
import type { Catalog } from './catalog.js'
import { missing } from './errors.js'
import type { Holdings } from './holdings.js'
import { scopes, type Place } from './places.js'
import type { Writer } from './writer.js'

export interface Membership { user: string, role: string }
export interface MembershipsOptions { bindings: Bindings, catalog: Catalog, holdings: Holdings, writer: Writer }

const nameOf = ({ user, role }: Membership): string => `${user}-${role}`

/** A member's role in a place, as an object. */
function bindingFor (place: Place, { user, role }: Membership): BindingObject {
  const { roles, mark } = scopes[place.scope]
  const { labels: own, ...metadata } = mark(place.name)
  return {
    metadata: { name: nameOf({ user, role }), ...metadata, labels: { [labels.userRef]: user, ...own } },
    subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: user }],
    roleRef: { apiGroup: roles.group, kind: roles.kind, name: role },
  }
}

/** Who has which role where: one role for each person in each place. */
export function createMemberships ({ bindings, catalog, holdings, writer }: MembershipsOptions) {
  const refOf = ({ metadata: { name, namespace } }: BindingObject) => ({ name, ...(namespace ? { namespace } : {}) })

  /** Takes one person out of a binding; the binding goes with the last. */
  async function unbind (kind: Kind<BindingObject>, binding: BindingObject, user: string): Promise<void> {
    const others = (subjects: BindingObject['subjects'] = []) => subjects.filter(({ kind, name }) => kind !== 'User' || name !== user)
    if (others(binding.subjects).length === 0) return writer.remove(kind, refOf(binding), binding.metadata.uid).catch(unlessMissing)
    await writer.modify(kind, refOf(binding), current => ({ ...current, subjects: others(current.subjects) })).catch(unlessMissing)
  }

  const alone = <T>({ scope, name }: Place, user: string, work: () => Promise<T>): Promise<T> => writer.serial(`${scope}/${name}/${user}`, work)

  return {
    /** What the caller may give: the role is there, and holds nothing that the caller does not. */
    grantable (caller: Identity, place: Place, name: string): RoleObject {
      const role = catalog.find(place, name)
      if (!role) throw missing(scopes[place.scope].roles, name)
      holdings.requireRole(caller, place, role)
      return role
    },

    /** Refuses what could only fail half way: no name, or a binding of that name that is somebody else's. */
    check (place: Place, { user, role }: Membership): void {
      if (user === '') throw badRequest('the name of a member must not be empty')
      const kind = scopes[place.scope].bindings
      const there = bindings.get(place, refOf(bindingFor(place, { user, role })))
      if (there && (there.roleRef.name !== role || !userSubjects(there).includes(user) || scopes[place.scope].placeOf(there) !== place.name)) throw alreadyExists(qualifiedResource(kind), nameOf({ user, role }))
    },

    /** Gives a person this role and no other. The new binding is there before an old one goes. */
    assign: (place: Place, { user, role }: Membership): Promise<void> => alone(place, user, async () => {
      const kind = scopes[place.scope].bindings
      const held = bindings.ofUser(place, user)
      if (!held.some(({ roleRef }) => roleRef.name === role)) await writer.create(kind, { apiVersion: apiVersionOf(kind), kind: kind.kind, ...bindingFor(place, { user, role }) })
      for (const binding of held) if (binding.roleRef.name !== role) await unbind(kind, binding, user)
    }),

    /** Gives a role to a name whose account is about to come; answers how to take that back, and only that. */
    async promise (place: Place, membership: Membership): Promise<() => Promise<void>> {
      const kind = scopes[place.scope].bindings
      try {
        const made = await writer.create(kind, { apiVersion: apiVersionOf(kind), kind: kind.kind, ...bindingFor(place, membership) })
        return () => writer.remove(kind, refOf(made), made.metadata.uid).catch(unlessMissing)
      } catch (error) {
        if (!(error instanceof StatusError && error.reason === 'AlreadyExists')) throw error
        return async () => {}
      }
    },

    /** Takes every role of the place from a person; it is well where there is none. */
    remove: (place: Place, user: string): Promise<void> => alone(place, user, async () => {
      for (const binding of bindings.ofUser(place, user)) await unbind(scopes[place.scope].bindings, binding, user)
    }),

    roleOf: (place: Place, user: string): string | undefined => bindings.ofUser(place, user)[0]?.roleRef.name,
  }
}

export type Memberships = ReturnType<typeof createMemberships>
