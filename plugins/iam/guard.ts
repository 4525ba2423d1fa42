import { annotations, users, type User } from '../../schemas/iam/v1alpha2.js'
import { qualifiedResource } from '../../schemas/kube/object.js'
import { attributesOf, invalid, type Access, type Authentication, type Identity, type KubeObject, type KubeWrite, type ObjectGuard, type RequestInfo, type Status } from '../../core/sdk/index.js'
import type { Accounts } from './accounts.js'
import { withoutPassword } from './directory.js'

const secret = 'spec.password'

/** A refusal of Kubernetes without the value that it refuses. */
function redactStatus (status: Status): Status {
  const causes = status.details?.causes
  if (!causes?.some(({ field }) => field === secret)) return status
  const quiet = causes.map(cause => cause.field === secret ? { ...cause, message: 'Invalid value: spec.password in body is not acceptable' } : cause)
  const { name = '', group = '', kind = '' } = status.details ?? {}
  return { ...status, message: invalid(group ? `${kind}.${group}` : kind, name, quiet as Required<typeof quiet[number]>[]).message, details: { ...status.details, causes: quiet } }
}

/** Accounts where they are reached as plain Kubernetes objects: the same rules as everywhere, and no hash in any answer. */
export function userGuard ({ accounts, access, authentication }: { accounts: Accounts, access: Access, authentication: Authentication }): ObjectGuard {
  const isManager = async (user: Identity, info: RequestInfo): Promise<boolean> => (await access.authorizeRBAC(attributesOf(user, info))).allowed
  const awaitsFirstChange = (user: Identity): boolean => authentication.user(user.name)?.metadata.annotations?.[annotations.uninitialized] !== undefined

  async function write ({ user: caller, info, object, stored }: KubeWrite): Promise<KubeObject | undefined> {
    const target = stored as User | undefined
    if (target) await accounts.protectAdministrators(caller, target)
    if (!object) return undefined
    const asked = target && !await isManager(caller, info) ? accounts.ownFirstChange(object as User, target) : object as User
    accounts.check(asked, target)
    const { user, changed } = await accounts.hashed(asked, target)
    if (changed && target) await authentication.issuer.endAll(target.metadata.name, caller.name === target.metadata.name ? caller.token?.family : undefined)
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
