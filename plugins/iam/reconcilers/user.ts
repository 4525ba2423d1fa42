import { groupBindings, globalRoleBindings, labels, loginRecords, users, workspaceRoleBindings, type GroupBinding, type LoginRecord, type User } from '../../../schemas/iam/v1alpha2.js'
import { clusterRoleBindings, roleBindings, type BindingObject } from '../../../schemas/kube/builtin.js'
import { countFailures, defineReconciler, hasFinalizer, lockedStatus, timestampOf, unlessMissing, watched, withFinalizer, withoutFinalizers, type Authentication, type Kind, type Kube, type KubeObject, type Reconciler, type ReconcileTools, type ServerConfig } from '../../../core/sdk/index.js'

import type { Accounts } from '../accounts.js'

const finalizer = 'finalizers.kubesphere.io/users'

type State = NonNullable<User['status']>
/** What a pass over an account needs to know besides it. */
export interface Circumstances { failures: number, maxTries: number, duration: number, now: number }

const since = (at: number): Pick<State, 'lastTransitionTime'> => ({ lastTransitionTime: timestampOf(at) })

/** The state that an account should be in; undefined where it is in it. Disabled accounts stay so. */
export function nextState ({ spec, status, metadata }: User, { failures, maxTries, duration, now }: Circumstances): State | undefined {
  const state = status?.state
  if (!spec?.password) {
    const wanted = metadata.labels?.[labels.identityProvider] ? 'Active' : 'Disabled'
    return state === wanted || (wanted === 'Active' && state === 'Disabled') ? undefined : { state: wanted, ...since(now) }
  }
  if (!state) return { state: 'Active', ...since(now) }
  if (state === 'AuthLimitExceeded') return lockEnds(status, duration) < now ? { state: 'Active', ...since(now) } : undefined
  return state === 'Active' && failures >= maxTries ? lockedStatus(failures, duration, now) : undefined
}

const lockEnds = (status: State | undefined, duration: number): number => (Date.parse(status?.lastTransitionTime ?? '') || 0) + duration

/** A lock is told of by whoever sees it first within this time (ms), so that one that a log-in has written is told of, too. */
const fresh = 5_000

/** What of a change people want to know. */
function tell (before: User, after: User, { record }: ReconcileTools): void {
  const [was, is] = [before.status?.state, after.status?.state]
  if (before.spec?.password !== after.spec?.password) record('PasswordHashed', 'a password in plain text has been replaced by its hash')
  if (is === was) return
  if (is === 'Disabled') record('Disabled', 'the account has no password')
  else if (is === 'Active' && was === 'AuthLimitExceeded') record('Unlocked', 'the lock has run out')
  else if (is === 'Active') record('Activated', 'the account may log in')
}

export interface UserReconcilerOptions { kube: Kube, accounts: Accounts, authentication: Authentication, config: ServerConfig['authentication'], now?: () => number }

/** Hashes passwords, keeps states, and takes everything that spoke of an account away with it. */
export function userReconciler ({ kube, accounts, authentication, config, now = Date.now }: UserReconcilerOptions): Reconciler {
  const people = kube.store(users)
  const records = kube.store(loginRecords)
  const { authenticateRateLimiterMaxTries: maxTries, authenticateRateLimiterDuration: duration } = config
  const recordsOf = records.index('user', ({ metadata }: LoginRecord) => [metadata.labels?.[labels.userRef] ?? ''])
  const bindings = [globalRoleBindings, workspaceRoleBindings, clusterRoleBindings, roleBindings].map(kind => ({
    kind,
    of: kube.store(kind).index('user', ({ subjects = [] }: BindingObject) => subjects.flatMap(subject => subject.kind === 'User' ? [subject.name] : [])),
  }))
  const memberships = kube.store(groupBindings).index('user', ({ users = [] }: GroupBinding) => users)

  const remove = (kind: Kind, { metadata: { name, namespace } }: KubeObject) => kube.delete(kind, { name, ...(namespace ? { namespace } : {}) }).catch(unlessMissing)

  /** A binding that is others' too only loses this one. */
  async function unbind (kind: Kind<BindingObject>, binding: BindingObject, name: string): Promise<void> {
    const left = (binding.subjects ?? []).filter(subject => subject.kind !== 'User' || subject.name !== name)
    if (left.length === 0) await remove(kind, binding)
    else await kube.update(kind, { ...binding, subjects: left }).catch(unlessMissing)
  }

  async function cleanUp (user: User, { record }: ReconcileTools): Promise<void> {
    const { name } = user.metadata
    for (const { kind, of } of bindings) for (const binding of of.get(name)) await unbind(kind, binding, name)
    for (const binding of memberships.get(name)) {
      const left = (binding.users ?? []).filter(one => one !== name)
      if (left.length === 0) await remove(groupBindings, binding)
      else await kube.update(groupBindings, { ...binding, users: left }).catch(unlessMissing)
    }
    for (const record of recordsOf.get(name)) await remove(loginRecords, record)
    await authentication.issuer.endAll(name)
    record('CleanedUp', 'bindings, memberships, log-in records and sessions of the account have been removed')
    if (hasFinalizer(user, finalizer)) await kube.update(users, withoutFinalizers(user, finalizer)).catch(unlessMissing)
  }

  /** The account as it should be; the same object where it is so already. */
  async function next (user: User): Promise<User> {
    // Password and state of an account that another cluster manages are that cluster's.
    if (user.metadata.labels?.[labels.federated] === 'true') return withFinalizer(user, finalizer)
    const hashed = await hash(user)
    const state = nextState(hashed, { failures: countFailures(recordsOf.get(user.metadata.name), user, duration, now()), maxTries, duration, now: now() })
    const finalized = withFinalizer(hashed, finalizer)
    return state ? { ...finalized, status: { ...(finalized.status?.lastLoginTime ? { lastLoginTime: finalized.status.lastLoginTime } : {}), ...state } } : finalized
  }

  /** What was written past every rule: a password in plain text. */
  async function hash (user: User): Promise<User> {
    if (!user.spec?.password) return user
    const { user: hashed, changed } = await accounts.hashed(user)
    return changed && hashed.spec.password !== user.spec.password ? hashed : user
  }

  return defineReconciler({
    name: 'user',
    watches: [watched(users)],
    async reconcile ({ name }, tools) {
      const user = people.get(name)
      if (!user) return undefined
      if (user.metadata.deletionTimestamp) return cleanUp(user, tools)
      const wanted = await next(user)
      if (wanted !== user) {
        await kube.update(users, wanted)
        tell(user, wanted, tools)
      }
      if (user.status?.state === 'AuthLimitExceeded' && now() - lockEnds(user.status, 0) < fresh) tools.record('Locked', user.status.reason ?? '')
      return wanted.status?.state === 'AuthLimitExceeded' ? { again: Math.max(1_000, lockEnds(wanted.status, duration) - now() + 1_000) } : undefined
    },
  })
}
