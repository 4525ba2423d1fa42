import { annotations, labels, users, type User } from '../../schemas/iam/v1alpha2.js'
import { qualifiedResource } from '../../schemas/kube/object.js'
import { attributesOf, invalid, type Access, type Authentication, type Identity, type KubeObject, type KubeWrite, type ObjectGuard, type RequestInfo, type Status } from '../../core/sdk/index.js'
import { reopens, type Accounts } from './accounts.js'
import { personOf, withoutPassword } from './directory.js'
import { notHeld } from './errors.js'
import type { Holdings } from './holdings.js'
import { cluster } from './places.js'

const secret = 'spec.password'
/** Labels by which somebody logs in through an identity provider. */
const ways = [labels.identityProvider, labels.originUID]
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)

/** A refusal of Kubernetes without the value that it refuses. */
function redactStatus (status: Status): Status {
  const causes = status.details?.causes
  if (!causes?.some(({ field }) => field === secret)) return status
  const quiet = causes.map(cause => cause.field === secret ? { ...cause, message: 'Invalid value: spec.password in body is not acceptable' } : cause)
  const { name = '', group = '', kind = '' } = status.details ?? {}
  return { ...status, message: invalid(group ? `${kind}.${group}` : kind, name, quiet as Required<typeof quiet[number]>[]).message, details: { ...status.details, causes: quiet } }
}

/** Accounts where they are reached as plain Kubernetes objects: the same rules as everywhere, and no hash in any answer. */
export function userGuard ({ accounts, access, authentication, holdings }: { accounts: Accounts, access: Access, authentication: Authentication, holdings: Holdings }): ObjectGuard {
  const isManager = async (user: Identity, info: RequestInfo): Promise<boolean> => (await access.authorizeRBAC(attributesOf(user, info))).allowed
  const awaitsFirstChange = (user: Identity): boolean => authentication.user(user.name)?.metadata.annotations?.[annotations.uninitialized] !== undefined

  /** Groups follow from bindings of groups; only administrators write them down. */
  function grouped (caller: Identity, user: User, stored: User | undefined): User {
    if (holdings.isAdministrator(caller) || same(user.spec?.groups, stored?.spec.groups)) return user
    const { groups: _groups, ...spec } = user.spec
    return { ...user, spec: { ...spec, ...(stored?.spec.groups ? { groups: stored.spec.groups } : {}) } }
  }

  /** Whoever could log in as somebody afterwards must hold what they hold; what bindings say of a name counts before there is an account. */
  function requireWorth (caller: Identity, user: User, stored: User | undefined): void {
    const { name } = user.metadata
    const changed = !stored || user.spec?.password !== stored.spec.password || ways.some(label => user.metadata.labels?.[label] !== stored.metadata.labels?.[label])
    const person = stored ? personOf(stored) : { name, groups: [] }
    if (changed && caller.name !== name && !holdings.covers(caller, cluster, holdings.worth(person))) throw notHeld(users, name)
  }

  async function write ({ user: caller, info, object, stored }: KubeWrite): Promise<KubeObject | undefined> {
    const target = stored as User | undefined
    if (target) await accounts.protectAdministrators(caller, target)
    if (!object) return undefined
    const asked = target && !await isManager(caller, info) ? accounts.ownFirstChange(object as User, target) : grouped(caller, object as User, target)
    requireWorth(caller, asked, target)
    accounts.check(asked, target)
    const { user, changed } = await accounts.hashed(asked, target)
    if (target && (changed || reopens(target, user))) await authentication.issuer.endAll(target.metadata.name, caller.name === target.metadata.name ? caller.token?.family : undefined)
    return target ? user : accounts.activated(user)
  }

  return {
    resource: qualifiedResource(users),
    redact: object => withoutPassword(object as User),
    redactStatus,
    permits: (user, { name, verb, subresource }) => name !== '' && name === user.name && verb === 'patch' && subresource === '' && awaitsFirstChange(user),
    write,
  }
}
