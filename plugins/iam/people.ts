import { annotations, globalRoles, labels, users, type User } from '../../schemas/iam/v1alpha2.js'
import { forbidden, invalid, LoginFailure, ownerOf, preRegistration, StatusError, timestampOf, tooManyRequests, withEntry, withMetadata, type Access, type Attributes, type Authentication, type Grant, type Identity, type Kube, type Passwords } from '../../core/sdk/index.js'
import { qualifiedResource } from '../../schemas/kube/object.js'
import { passwordCause, reopens, type Accounts } from './accounts.js'
import type { Person } from './bindings.js'
import type { Catalog } from './catalog.js'
import { personOf, withoutPassword, type Directory } from './directory.js'
import { globalRoleRefused, missing, nameMismatch, notHeld } from './errors.js'
import type { Holdings } from './holdings.js'
import type { Memberships } from './memberships.js'
import { cluster, platform } from './places.js'
import { ownProfile } from './profile.js'
import type { Writer } from './writer.js'

const kind = 'User.iam.kubesphere.io'

export interface PeopleOptions { kube: Kube, access: Access, authentication: Authentication, passwords: Passwords, accounts: Accounts, directory: Directory, catalog: Catalog, memberships: Memberships, holdings: Holdings, writer: Writer, now?: () => number }
/** Who asks, and why that is allowed. */
export interface Caller { identity: Identity, grant: Grant }
export interface PasswordChange { currentPassword?: string, password?: string }
/** Where a request came from, for the record of a wrong password. */
export interface Origin { sourceIP: string, userAgent: string }

const platformQuestion = (user: Identity, resource: string): Attributes => ({ user, verb: 'update', workspace: '', namespace: '', devops: '', apiGroup: '', apiVersion: '', resource, subresource: '', name: '', isKubernetesRequest: false, isResourceRequest: true, path: '', resourceScope: 'Global' })

/** People as they are created, changed and removed. */
export function createPeople ({ kube, access, authentication, passwords, accounts, directory, catalog, memberships, holdings, writer, now = Date.now }: PeopleOptions) {
  const allowed = async (user: Identity, resource: string): Promise<boolean> => (await access.authorizeRBAC(platformQuestion(user, resource))).allowed

  /** The role that the caller may give on the platform: it is there, and holds nothing that they do not. */
  function grantable (caller: Identity, user: string, name: string): void {
    const role = catalog.find(platform, name)
    if (!role) throw missing(globalRoles, name)
    if (!holdings.covers(caller, platform, role.rules ?? [])) throw globalRoleRefused(user)
    memberships.check(platform, { user, role: name })
  }

  /** Groups follow from bindings of groups; only administrators write them down. */
  const grouped = (caller: Identity, { groups: _groups, ...spec }: User['spec'], groups: readonly string[] = []): User['spec'] => {
    const own = holdings.isAdministrator(caller) ? _groups : groups
    return own?.length ? { ...spec, groups: [...own] } : spec
  }

  async function stored (name: string): Promise<User> {
    const user = await kube.find(users, { name })
    if (!user) throw missing(users, name)
    return user
  }

  /** Whoever could log in as somebody afterwards must hold what they hold; what bindings say of a name counts before there is an account. */
  function requireWorth (caller: Identity, target: Person): void {
    if (caller.name !== target.name && !holdings.covers(caller, cluster, holdings.worth(target))) throw notHeld(users, target.name)
  }

  /**
   * The role is there before the account: whatever happens in between, no account is left without what it was to have, and whoever asks again gets all
   * of it. Only what is refused for certain is taken back.
   */
  async function createWith (role: string | undefined, user: User): Promise<User> {
    const { name } = user.metadata
    const promised = role && name && !directory.find(name) ? await memberships.promise(platform, { user: name, role }) : undefined
    const created = await writer.create(users, user).catch(async (error: unknown) => {
      if (error instanceof StatusError && error.code < 500) await promised?.takeBack()
      throw error
    })
    await promised?.keep(ownerOf(users, created))
    if (role) await memberships.assign(platform, { user: created.metadata.name, role })
    return created
  }

  return {
    create: ({ identity }: Caller, body: User): Promise<User> => writer.serial(`user/${body.metadata.name}`, () => writer.serial(`email/${body.spec.email}`, async () => {
      const asked = identity.name === preRegistration ? authentication.identities.registration(identity, body) : body
      const { name } = asked.metadata
      const role = asked.metadata.annotations?.[annotations.globalRole]
      if (role) grantable(identity, name || asked.metadata.generateName || '-', role)
      const plain = withEntry({ ...asked, spec: grouped(identity, asked.spec) }, 'annotations', annotations.globalRole, undefined)
      accounts.check(plain)
      requireWorth(identity, { name, groups: [] })
      const { user } = await accounts.hashed(plain)
      const created = await createWith(role, accounts.activated(user))
      // What has become of the account by itself shows at the next reading, as in 3.x.
      const { [annotations.lastPasswordChange]: _changed, ...rest } = created.metadata.annotations ?? {}
      return withoutPassword({ ...withMetadata(created, { annotations: Object.keys(rest).length ? rest : undefined }), status: body.status ?? {} })
    })),

    update: ({ identity, grant }: Caller, name: string, body: User): Promise<User> => writer.serial(`email/${body.spec.email}`, async () => {
      if (body.metadata.name !== name) throw nameMismatch(body.metadata.name, name)
      const old = await stored(name)
      await accounts.protectAdministrators(identity, old)
      const role = body.metadata.annotations?.[annotations.globalRole]
      const changesRole = Boolean(role) && role !== memberships.roleOf(platform, name)
      if (changesRole) {
        if (!await allowed(identity, 'users')) throw globalRoleRefused(name)
        grantable(identity, name, role ?? '')
      }
      const asked = grant.source === 'self' ? ownProfile(body, old) : managed(identity, body, old)
      accounts.check(asked, old)
      // While an account is disabled its tokens are refused; they have ended by the time that it is not.
      if (reopens(old, asked)) await authentication.issuer.endAll(name)
      const updated = await writer.update(users, asked)
      if (changesRole) await memberships.assign(platform, { user: name, role: role ?? '' })
      return withoutPassword(role ? withEntry(updated, 'annotations', annotations.globalRole, role) : updated)
    }),

    async remove ({ identity, grant }: Caller, name: string): Promise<void> {
      if (grant.source === 'self') throw forbidden(qualifiedResource(users), name, 'accounts are removed by those who manage them')
      const old = directory.find(name)
      if (old) await accounts.protectAdministrators(identity, old)
      await writer.remove(users, { name })
      await authentication.issuer.endAll(name)
    },

    async changePassword ({ identity }: Caller, name: string, { currentPassword = '', password = '' }: PasswordChange, origin: Origin): Promise<void> {
      const target = await stored(name)
      await accounts.protectAdministrators(identity, target)
      if (currentPassword || !await allowed(identity, 'users/password')) await prove(target, currentPassword, origin)
      requireWorth(identity, personOf(target))
      const wrong = password === '' ? { reason: 'FieldValueRequired', field: 'spec.password', message: 'Required value: a password must not be empty' } : passwords.isHash(password) ? undefined : passwordCause(password)
      if (wrong) throw invalid(kind, name, [wrong])
      const { user: { spec: { password: hash } } } = await accounts.hashed({ metadata: { name }, spec: { email: '', password } })
      await writer.modify(users, { name }, user => withEntry({ ...user, spec: { ...user.spec, password: hash ?? '' } }, 'annotations', annotations.lastPasswordChange, timestampOf(now())))
      await authentication.issuer.endAll(name, identity.name === name ? identity.token?.family : undefined)
    },
  }

  /** What those may change who manage people; groups follow from bindings of groups, and passwords have a route of their own. */
  function managed (caller: Identity, body: User, old: User): User {
    const { password: _password, ...spec } = grouped(caller, body.spec, old.spec.groups)
    const { state } = body.status ?? {}
    const status = state === 'Active' || state === 'Disabled' ? { ...old.status, state, lastTransitionTime: timestampOf(now()) } : old.status
    const user: User = {
      metadata: withEntry(body, 'annotations', annotations.globalRole, undefined).metadata,
      spec: { ...spec, ...(old.spec.password ? { password: old.spec.password } : {}) },
      ...(status ? { status } : {}),
    }
    const identityChanged = [labels.identityProvider, labels.originUID].some(label => user.metadata.labels?.[label] !== old.metadata.labels?.[label])
    if (identityChanged) requireWorth(caller, personOf(old))
    return user
  }

  /** A wrong old password counts like a wrong one at log-in. */
  async function prove ({ metadata: { name } }: User, password: string, origin: Origin): Promise<void> {
    try { await authentication.login.attempt({ username: name, password, type: 'Password', ...origin }) } catch (error) {
      if (!(error instanceof LoginFailure)) throw error
      // Told only after the password was right.
      if (error.reason === 'account is not active') return
      throw error.reason === 'auth rate limit exceeded' ? tooManyRequests(error.reason, 60) : new StatusError({ code: 400, reason: 'BadRequest', message: 'incorrect old password', cause: error })
    }
  }
}

export type People = ReturnType<typeof createPeople>
