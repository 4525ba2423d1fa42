import { users, type User } from '../../schemas/iam/v1alpha2.js'
import { forbidden, notFound, timestampOf, type Authentication, type Identity, type TokenRecord, type TokenScope } from '../../core/sdk/index.js'
import type { Accounts } from './accounts.js'
import { missing } from './errors.js'
import type { Writer } from './writer.js'

const resource = 'personalaccesstokens'
const day = 86_400_000
const defaultDays = 30

/** A personal access token as people see it: never what it is checked by. */
export interface PersonalToken { name: string, created: string, expires: string, lastUsed?: string, scope: TokenScope }
export interface TokenInput { name: string, days?: number, scope?: TokenScope }

const shown = ({ name, created, expires, lastUsed, scope }: TokenRecord): PersonalToken =>
  ({ name, created: timestampOf(created), expires: timestampOf(expires), ...(lastUsed ? { lastUsed: timestampOf(lastUsed) } : {}), scope })

/** Personal access tokens: made by their owners alone, seen and ended by whoever manages people too. */
export function createTokens ({ authentication, accounts, writer }: { authentication: Authentication, accounts: Accounts, writer: Writer }) {
  const { personalTokens } = authentication

  function ownerOf (name: string): User {
    const owner = authentication.user(name)
    if (!owner) throw missing(users, name)
    return owner
  }

  /** Whose tokens end. */
  async function target (caller: Identity, name: string): Promise<User> {
    const owner = ownerOf(name)
    await accounts.protectAdministrators(caller, owner)
    return owner
  }

  return {
    list (name: string): { items: PersonalToken[], totalItems: number } {
      const items = personalTokens.list(ownerOf(name)).map(shown)
      return { items, totalItems: items.length }
    },

    /** The only answer that holds the token. */
    async create (caller: Identity, name: string, { name: token, days = defaultDays, scope = {} }: TokenInput): Promise<PersonalToken & { token: string }> {
      if (caller.name !== name || caller.restriction) throw forbidden(resource, token, 'people make them for themselves alone, logged in without one')
      const created = await writer.serial(`tokens/${name}`, () => personalTokens.create(ownerOf(name), { name: token, lifetime: days * day, scope }))
      return { ...shown(created.record), token: created.token }
    },

    async remove (caller: Identity, name: string, token: string): Promise<void> {
      const found = personalTokens.list(await target(caller, name)).filter(record => record.name === token)
      if (found.length === 0) throw notFound(resource, token)
      await personalTokens.revoke(found)
    },

    removeAll: async (caller: Identity, name: string): Promise<void> => personalTokens.revoke(personalTokens.list(await target(caller, name))),
  }
}

export type Tokens = ReturnType<typeof createTokens>
