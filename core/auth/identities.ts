import type { IdentityProviderEntry } from '../../config/server.js'
import { annotations, labels, users, type User } from '../../schemas/iam/v1alpha2.js'
import { alreadyExists, badRequest, invalid, StatusError } from '../errors/status-error.js'
import { sameTexts } from '../sdk/values.js'
import type { Kube } from '../kube/types.js'
import type { ExternalIdentity } from './providers/types.js'
import type { Identity } from './types.js'

/** Who a pre-registration token stands for until its holder has an account. */
export const preRegistration = 'system:pre-registration'

/** Where somebody comes from: a provider's name, and their id there. */
export interface Origin { provider: string, uid: string }

/** Somebody who came from a provider: an account, or what a pre-registration token says. */
export type Mapped = { user: User } | { extra: Record<string, string[]> }

export interface Identities {
  /** The one account of an origin; undefined where there is none, or more than one. */
  find (origin: Origin): User | undefined
  /** Maps as `mappingMethod` says; undefined where the account is missing and must be made by somebody else. An account made here is in the caches when it is answered. */
  map (entry: IdentityProviderEntry, identity: ExternalIdentity): Promise<Mapped | undefined>
  /** The origin that a pre-registration token carries; undefined for other callers. Throws a 400 for a token that names not exactly one. */
  originOf (caller: Identity): Origin | undefined
  /**
   * The account that the holder of a pre-registration token may create from what was posted: name, address and how to be called, with the two labels of
   * the origin. Groups, passwords, and other labels and annotations are left out. Throws a 400 for a bad token, a 409 where the origin has an account.
   */
  registration (caller: Identity, posted: User): User
}

/** How long an account that was written waits to be seen (ms). */
const patience = 2_000
const labelValue = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/
const longestName = 63
/** What a provider says of somebody goes into tokens. */
const longestText = 320
const address = /^[^\s@<>"(),:;\\[\]]+@[^\s@<>"(),:;\\[\]]+$/
const keyOf = ({ provider, uid }: Origin): string => JSON.stringify([provider, uid])

const refused = (name: string, field: string, message: string): StatusError => invalid('User.iam.kubesphere.io', name, [{ field, reason: 'FieldValueInvalid', message: `Invalid value: ${message}` }])

/** A new account of an origin, in the words of Kubernetes where it cannot be one. */
function accountOf (name: string, { provider, uid }: Origin, spec: User['spec']): User {
  if (!labelValue.test(uid)) throw refused(name, `metadata.labels[${labels.originUID}]`, `${JSON.stringify(uid.slice(0, 100))}: a valid label must consist of alphanumeric characters, '-', '_' or '.', 63 at most`)
  if (!labelValue.test(provider)) throw refused(name, `metadata.labels[${labels.identityProvider}]`, `${JSON.stringify(provider)}: a valid label must consist of alphanumeric characters, '-', '_' or '.', 63 at most`)
  if (name === '' || name.length > longestName) throw refused(name.slice(0, 100), 'metadata.name', `must be 1 to ${longestName} characters`)
  return { metadata: { name, labels: { [labels.identityProvider]: provider, [labels.originUID]: uid } }, spec, status: { state: 'Active' } }
}

export function createIdentities ({ kube }: { kube: Kube }): Identities {
  const people = kube.store(users)
  const byEmail = people.index('email', ({ spec }) => spec?.email ? [spec.email] : [])
  const byOrigin = people.index('origin', ({ metadata: { labels: all = {} } }) => {
    const [provider, uid] = [all[labels.identityProvider], all[labels.originUID]]
    return provider && uid ? [keyOf({ provider, uid })] : []
  })

  function find (origin: Origin): User | undefined {
    const found = byOrigin.get(keyOf(origin))
    return found.length === 1 ? found[0] : undefined
  }

  /** As the admission webhook of 3.x: an address is nobody else's. */
  function checkEmail (email: string): void {
    const denied = 'admission webhook "users.iam.kubesphere.io" denied the request:'
    if (email === '') return
    if (!address.test(email)) throw new StatusError({ code: 400, reason: 'BadRequest', message: `${denied} invalid email address:${email}` })
    if (byEmail.count(email)) throw new StatusError({ code: 409, reason: 'Conflict', message: `${denied} user email: ${email} already exists` })
  }

  const seen = async (user: User): Promise<User> => {
    await people.waitFor({ name: user.metadata.name }, user.metadata.resourceVersion ?? '', patience)
    return user
  }

  /** Creates the account; where two log-ins of one person are at it, the second takes what the first made. */
  async function create (origin: Origin, { username, email }: ExternalIdentity): Promise<User> {
    const account = accountOf(username.toLowerCase(), origin, { email })
    checkEmail(email)
    try { return await seen(await kube.create(users, account)) } catch (error) {
      if (!(error instanceof StatusError) || error.code !== 409) throw error
      const there = await kube.find(users, account.metadata)
      const { [labels.identityProvider]: provider, [labels.originUID]: uid } = there?.metadata.labels ?? {}
      if (there && provider === origin.provider && uid === origin.uid) return seen(there)
      throw error
    }
  }

  /** Groups that the configuration maps are given and taken as the provider says; all others stay. */
  async function withGroups (user: User, { groupMapping = {} }: IdentityProviderEntry, { groups }: ExternalIdentity): Promise<User> {
    const managed = new Set(Object.values(groupMapping))
    if (managed.size === 0) return user
    const table = new Map(Object.entries(groupMapping).map(([theirs, own]) => [theirs.toLowerCase(), own]))
    const wanted = new Set(groups.flatMap(group => table.get(group.toLowerCase()) ?? []))
    const next = (current: readonly string[]): string[] => [...current.filter(group => !managed.has(group) || wanted.has(group)), ...[...wanted].filter(group => !current.includes(group)).sort()]
    const change = (one: User): User | undefined => {
      const after = next(one.spec.groups ?? [])
      return sameTexts(after, one.spec.groups ?? []) ? undefined : { ...one, spec: { ...one.spec, groups: after } }
    }
    return change(user) ? seen(await kube.modify(users, user.metadata, change)) : user
  }

  function originOf ({ name, extra = {} }: Identity): Origin | undefined {
    if (name !== preRegistration) return undefined
    const [[provider, ...providers], [uid, ...uids]] = [extra.idp ?? [], extra.uid ?? []]
    if (!provider || !uid || providers.length || uids.length) throw badRequest('invalid registration token')
    return { provider, uid }
  }

  return {
    find,
    originOf,
    async map (entry, identity) {
      if ([identity.uid, identity.username, identity.email].some(({ length }) => length > longestText)) throw badRequest('the identity provider names somebody at too great length')
      const { name: provider, mappingMethod, disableLoginConfirmation } = entry
      const origin = { provider, uid: identity.uid }
      const user = find(origin)
      if (user) return { user: await withGroups(user, entry, identity) }
      if (mappingMethod !== 'auto') return undefined
      if (disableLoginConfirmation) return { user: await withGroups(await create(origin, identity), entry, identity) }
      return { extra: { idp: [provider], uid: [identity.uid], username: [identity.username], email: [identity.email] } }
    },
    registration (caller, posted) {
      const origin = originOf(caller)
      if (!origin) throw badRequest('invalid registration token')
      if (byOrigin.count(keyOf(origin))) throw alreadyExists('users.iam.kubesphere.io', posted.metadata.name)
      const { email = '', displayName, description, lang } = posted.spec ?? {}
      checkEmail(email)
      const account = accountOf(posted.metadata.name, origin, { email, ...(displayName ? { displayName } : {}), ...(description ? { description } : {}), ...(lang ? { lang } : {}) })
      const alias = posted.metadata.annotations?.[annotations.alias]
      return alias ? { ...account, metadata: { ...account.metadata, annotations: { [annotations.alias]: alias } } } : account
    },
  }
}
