import { AndFilter, EqualityFilter, FilterParser, type Filter } from 'ldapts'
import { isAbsent, type Connection, type Found } from './ldap-connection.js'
import type { LDAPOptions } from './ldap.js'

/** An entry of the directory. */
export interface Entry {
  dn: string
  /** Texts of an attribute, whatever its case. */
  values (attribute: string): string[]
}

const mostGroups = 1_000

function entryOf (found: Found): Entry {
  const byName = new Map(Object.entries(found).map(([key, value]) => [key.toLowerCase(), value]))
  return {
    dn: found.dn,
    values (attribute) {
      const value = byName.get(attribute.toLowerCase())
      return (Array.isArray(value) ? value : [value]).filter(one => typeof one === 'string' && one !== '') as string[]
    },
  }
}

/** `attribute=value`, and the configured filter. The value travels as it is, in a field of its own, so there is nothing to escape it from. */
function equals (attribute: string, value: string, also: string): Filter {
  const equality = new EqualityFilter({ attribute, value })
  return also ? new AndFilter({ filters: [equality, FilterParser.parseString(also)] }) : equality
}

/** The one entry of a name; undefined where there is none. Several are an error, as servers say it that are asked for one. */
export async function findUser (connection: Connection, options: LDAPOptions, username: string): Promise<Entry | undefined> {
  const { userSearchBase: base, userSearchFilter, loginAttribute, mailAttribute, userMemberAttribute } = options
  const attributes = [loginAttribute, mailAttribute, userMemberAttribute].filter(Boolean)
  try {
    const [found] = await connection.search({ base, filter: equals(loginAttribute, username, userSearchFilter), attributes, most: 1 })
    return found ? entryOf(found) : undefined
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}

/** Groups of an entry: the names that its own attribute holds, and `cn` and DN of those under the group base that hold it. */
export async function groupsOf (connection: Connection, options: LDAPOptions, user: Entry): Promise<string[]> {
  const { groupSearchBase: base, groupSearchFilter, groupMemberAttribute: member, userMemberAttribute, loginAttribute } = options
  const own = userMemberAttribute ? user.values(userMemberAttribute) : []
  if (!base || !member) return own
  const value = member.toLowerCase() === 'memberuid' ? user.values(loginAttribute)[0] ?? '' : user.dn
  const found = await connection.search({ base, filter: equals(member, value, groupSearchFilter), attributes: ['cn'], most: mostGroups })
  return [...own, ...found.map(entryOf).flatMap(group => [group.dn, ...group.values('cn')])]
}
