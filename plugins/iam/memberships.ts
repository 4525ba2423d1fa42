import { labels } from '../../schemas/iam/v1alpha2.js'
import type { BindingObject, RoleObject } from '../../schemas/kube/builtin.js'
import { alreadyExists, badRequest, isConflict, isMissing, unless, unlessMissing, unlessTaken, withMetadata, type Identity, type Kind, type OwnerReference } from '../../core/sdk/index.js'
import { qualifiedResource } from '../../schemas/kube/object.js'
import { userSubjects, type Bindings } from './bindings.js'
import type { Catalog } from './catalog.js'
import { missing } from './errors.js'
import type { Holdings } from './holdings.js'
import { scopes, type Place } from './places.js'
import type { Writer } from './writer.js'

export interface Membership { user: string, role: string }
export interface MembershipsOptions { bindings: Bindings, catalog: Catalog, holdings: Holdings, writer: Writer }

interface Promised { keep (account: OwnerReference): Promise<void>, takeBack (): Promise<void> }

/** How often a binding that comes and goes is looked at. */
const attempts = 10
const unlessChanged = unless(error => isMissing(error) || isConflict(error))

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
    if (others(binding.subjects).length === 0) return writer.remove(kind, refOf(binding), { uid: binding.metadata.uid }).catch(unlessMissing)
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
      if (!held.some(({ roleRef }) => roleRef.name === role)) await writer.create(kind, bindingFor(place, { user, role }))
      for (const binding of held) if (binding.roleRef.name !== role) await unbind(kind, binding, user)
    }),

    /**
     * Gives a role to a name whose account is about to come. Others may be making the same account with the same role: `keep` when the account is there,
     * so that none of them takes the role back; `takeBack` when it did not come to be, which leaves what another has kept.
     */
    async promise (place: Place, membership: Membership): Promise<Promised> {
      const kind = scopes[place.scope].bindings
      const wanted = bindingFor(place, membership)
      const ref = refOf(wanted)
      const make = () => writer.create(kind, wanted).catch(unlessTaken)
      const made = await make()
      return {
        /** Lets what another gave belong to the account, or gives it anew where that one took it back. */
        async keep (owner) {
          const owned = (binding: BindingObject) => withMetadata(binding, { ownerReferences: [...(binding.metadata.ownerReferences ?? []).filter(({ uid }) => uid !== owner.uid), owner] })
          for (let i = 0, kept = made; !kept && i < attempts; i++) kept = await writer.modify(kind, ref, owned).catch(unlessMissing) ?? await make()
        },
        takeBack: async () => {
          if (made) await writer.remove(kind, ref, made.metadata).catch(unlessChanged)
        },
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
