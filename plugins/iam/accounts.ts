import { annotations, labels, users, type User } from '../../schemas/iam/v1alpha2.js'
import { qualifiedResource } from '../../schemas/kube/object.js'
import { forbidden, invalid, StatusError, timestampOf, withEntry, withMetadata, type Access, type Attributes, type Identity, type Kube, type Passwords, type StatusCause } from '../../core/sdk/index.js'

const kind = 'User.iam.kubesphere.io'
const applied = 'kubectl.kubernetes.io/last-applied-configuration'
/** Longer names are no label values, so nothing could be found by them. */
const longestName = 63
const address = /^[^\s@<>"(),:;\\[\]]+@[^\s@<>"(),:;\\[\]]+$/

const cause = (field: string, message: string, reason = 'FieldValueInvalid'): Required<StatusCause> => ({ field, reason, message })

/** Why a text may not be a password; the text itself is never repeated. */
export function passwordCause (password: string): Required<StatusCause> | undefined {
  const field = 'spec.password'
  if (password.length < 8) return cause(field, 'Invalid value: spec.password in body should be at least 8 chars long')
  if (Buffer.byteLength(password) > 64) return cause(field, 'Too long: may not be more than 64 bytes', 'FieldValueTooLong')
  if (/[a-z]/.test(password) && /[A-Z]/.test(password) && /[0-9]/.test(password)) return undefined
  return cause(field, 'Invalid value: spec.password in body should have a lower-case letter, an upper-case letter and a digit')
}

/** Hashes are believed within these costs: cheaper ones are weak, dearer ones keep the server busy. */
const costs = { least: 10, most: 14 }

/** Why a bcrypt hash may not be stored. */
export function hashCause (hash: string): Required<StatusCause> | undefined {
  const cost = Number(hash.slice(4, 6))
  return cost >= costs.least && cost <= costs.most ? undefined : cause('spec.password', `Invalid value: the cost of a bcrypt hash must be from ${costs.least} to ${costs.most}`)
}

/** Whether an account that was disabled no longer is. */
export const reopens = (stored: User, user: User): boolean => stored.status?.state === 'Disabled' && user.status?.state !== 'Disabled'

const everything = (user: Identity): Attributes => ({ user, verb: '*', workspace: '', namespace: '', devops: '', apiGroup: '*', apiVersion: '*', resource: '*', subresource: '', name: '', isKubernetesRequest: false, isResourceRequest: true, path: '', resourceScope: 'Global' })

const duplicate = (email: string): StatusError => new StatusError({ code: 409, reason: 'Conflict', message: `admission webhook "users.iam.kubesphere.io" denied the request: user email: ${email} already exists` })
const malformed = (email: string): StatusError => new StatusError({ code: 400, reason: 'BadRequest', message: `admission webhook "users.iam.kubesphere.io" denied the request: invalid email address:${email}` })

/** The rules of accounts, wherever they are written. */
export function createAccounts ({ kube, access, passwords, now = Date.now }: { kube: Kube, access: Access, passwords: Passwords, now?: () => number }) {
  const people = kube.store(users)
  const byEmail = people.index('email', ({ spec }) => spec?.email ? [spec.email] : [])

  const holdsEverything = async (user: Identity): Promise<boolean> => (await access.authorizeRBAC(everything(user))).allowed

  return {
    /** Whoever changes somebody who may do everything must be allowed everything too. */
    async protectAdministrators (caller: Identity, target: User): Promise<void> {
      const { name } = target.metadata
      const groups = [...(target.spec?.groups ?? []).filter(group => !group.startsWith('system:')), 'system:authenticated']
      if (name === caller.name || !await holdsEverything({ name, groups, by: 'bearer' }) || await holdsEverything(caller)) return
      throw forbidden(qualifiedResource(users), name, 'accounts of administrators are changed by administrators')
    },

    /** The rules of a name and an address, before anything is stored. */
    check (user: User, stored?: User): void {
      const { metadata: { name }, spec } = user
      if (!stored && name.length > longestName) throw invalid(kind, name, [cause('metadata.name', `Invalid value: ${JSON.stringify(name)}: must be no more than ${longestName} characters`)])
      const groups = (spec?.groups ?? []).filter(group => group.startsWith('system:') && !stored?.spec.groups?.includes(group))
      if (groups.length) throw invalid(kind, name, [cause('spec.groups', `Forbidden: ${groups.join(', ')}: groups of Kubernetes are not given to people`, 'FieldValueForbidden')])
      const email = spec?.email
      if (!email || email === stored?.spec.email) return
      if (typeof email !== 'string' || !address.test(email)) throw malformed(String(email))
      if (byEmail.get(email).some(other => other.metadata.name !== name)) throw duplicate(email)
    },

    /** With the password hashed, where there is a new one in plain text; whether it changed. */
    async hashed (user: User, stored?: User): Promise<{ user: User, changed: boolean }> {
      const password = user.spec?.password
      const clean = withEntry(user, 'annotations', applied, undefined)
      if (password === undefined || password === stored?.spec.password) return { user: password === undefined ? user : clean, changed: false }
      if (password === '') {
        const { password: _none, ...spec } = clean.spec
        return { user: { ...clean, spec }, changed: stored?.spec.password !== undefined }
      }
      if (typeof password !== 'string') throw invalid(kind, user.metadata.name, [cause('spec.password', 'Invalid value: spec.password in body must be of type string')])
      const isHash = passwords.isHash(password)
      const wrong = isHash ? hashCause(password) : passwordCause(password)
      if (isHash && !wrong) return { user: clean, changed: true }
      if (wrong) throw invalid(kind, user.metadata.name, [wrong])
      const hash = await passwords.hash(password)
      return { user: withEntry({ ...clean, spec: { ...clean.spec, password: hash } }, 'annotations', annotations.lastPasswordChange, timestampOf(now())), changed: true }
    },

    /** What people may change of their own account where it awaits its first password: that, and the mark that asks for it. */
    ownFirstChange (user: User, stored: User): User {
      const { password } = user.spec ?? {}
      const unmarked = user.metadata.annotations?.[annotations.uninitialized] === undefined
      const kept: User = { ...stored, spec: { ...stored.spec, ...(password ? { password } : {}) } }
      return withMetadata(unmarked ? withEntry(kept, 'annotations', annotations.uninitialized, undefined) : kept, { resourceVersion: user.metadata.resourceVersion })
    },

    /** An account that can log in from the moment it is there. */
    activated: (user: User): User => (user.spec?.password || user.metadata.labels?.[labels.identityProvider]) && !user.status?.state
      ? { ...user, status: { ...user.status, state: 'Active', lastTransitionTime: timestampOf(now()) } }
      : user,
  }
}

export type Accounts = ReturnType<typeof createAccounts>
