import type { Identity, ListQuery, Page } from '../../core/sdk/index.js'
import { users, type User } from '../../schemas/iam/v1alpha2.js'
import { missing, nameMismatch } from './errors.js'
import type { Directory } from './directory.js'
import type { Memberships } from './memberships.js'
import type { Place } from './places.js'

export interface Member { username: string, roleRef: string }

const membershipOf = ({ username, roleRef }: Member) => ({ user: username, role: roleRef })

/** Members of a cluster, workspace or project: who they are, and with what role. */
export function createMembers ({ directory, memberships }: { directory: Directory, memberships: Memberships }) {
  /** Everything that can be known to be wrong is, before anything is written. */
  function check (caller: Identity, place: Place, members: readonly Member[]): void {
    for (const member of members) memberships.check(place, membershipOf(member))
    for (const { roleRef } of members) memberships.grantable(caller, place, roleRef)
  }

  return {
    list: (place: Place, query: ListQuery): Page<User> => directory.listMembers(place, query),
    get (place: Place, name: string): User {
      const member = directory.getMember(place, name)
      if (!member) throw missing(users, name)
      return member
    },
    async add (caller: Identity, place: Place, members: readonly Member[]): Promise<readonly Member[]> {
      check(caller, place, members)
      for (const member of members) await memberships.assign(place, membershipOf(member))
      return members
    },
    async set (caller: Identity, place: Place, name: string, member: Member): Promise<Member> {
      if (member.username !== name) throw nameMismatch(member.username, name)
      check(caller, place, [member])
      await memberships.assign(place, membershipOf(member))
      return member
    },
    remove: (place: Place, name: string): Promise<void> => memberships.remove(place, name),
  }
}

export type Members = ReturnType<typeof createMembers>
