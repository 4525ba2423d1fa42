import type { Logger } from 'pino'
import type { ServerConfig } from '../../config/server.js'
import { globalRoleBindings, labels, loginRecords, users, type LoginRecord, type User } from '../../schemas/iam/v1alpha2.js'
import type { Kube } from '../kube/types.js'
import { createNetworks, networkOf } from '../request/networks.js'
import { createLimiter } from './limiter.js'
import { LoginFailure } from './login-failure.js'
import type { Passwords } from './passwords.js'

export { LoginFailure, type LoginFailureReason } from './login-failure.js'

export interface Attempt {
  /** A name, or an e-mail address. */
  username: string
  password: string
  sourceIP: string
  userAgent: string
  /** What a record says: `Token` for the token endpoint, `Password` for HTTP Basic. */
  type: LoginRecord['spec']['type']
}

export interface Login {
  /** The user whose password it is; throws a LoginFailure. */
  attempt (attempt: Attempt): Promise<User>
  /** Lets a provider look at a password, within the same limits; throws a LoginFailure, or what the provider throws. */
  attemptAt<T> (provider: string, attempt: Attempt, look: () => Promise<T>): Promise<T>
  /** Writes a record of a success. */
  succeeded (user: User, attempt: Omit<Attempt, 'username' | 'password'>, provider?: string): void
  /** Finds a user by name, or by e-mail where the text is an address. */
  find (username: string): User | undefined
  ready (): Promise<void>
  /** Waits for records under way. */
  close (): Promise<void>
}

export interface LoginOptions {
  kube: Kube
  passwords: Passwords
  config: ServerConfig
  log: Logger
  now?: () => number
}

/** Records waiting to be written; more are dropped, with a line in the log. */
const mostWaiting = 1_000
const address = /^[^\s@<>"]+@[^\s@<>"]+$/

/** A name at a provider; directories take it in any case, with any spaces. */
const strangerKey = (provider: string, username: string): string => `${provider}\n${username.slice(0, 256).normalize('NFKC').toLowerCase().replace(/\s+/g, '')}`

const secondsOf = (ms: number): string => {
  const [h, m, s] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, Math.floor(ms / 1000) % 60]
  return `${h ? `${h}h` : ''}${h || m ? `${m}m` : ''}${s}s`
}

/** The status of an account that has failed too often, as 3.x words it. */
export const lockedStatus = (failures: number, duration: number, at: number): NonNullable<User['status']> =>
  ({ state: 'AuthLimitExceeded', reason: `Failed login attempts exceed ${failures} in last ${secondsOf(duration)}`, lastTransitionTime: new Date(at).toISOString().replace(/\.\d+Z/, 'Z') })

/** Failed attempts that count: those after the account last changed its state, within the duration. */
export function countFailures (records: readonly LoginRecord[], user: User, duration: number, at: number): number {
  const since = Math.max(at - duration, Date.parse(user.status?.lastTransitionTime ?? '') || 0)
  return records.filter(({ spec, metadata }) => !spec.success && Date.parse(metadata.creationTimestamp ?? '') > since).length
}

export function createLogin ({ kube, passwords, config, log, now = Date.now }: LoginOptions): Login {
  const { authenticateRateLimiterMaxTries: maxTries, authenticateRateLimiterDuration: duration } = config.authentication
  const people = kube.store(users)
  const byEmail = people.index('email', ({ spec }) => spec?.email ? [spec.email] : [])
  const records = kube.store(loginRecords)
  const byUser = records.index('user', ({ metadata }) => metadata.labels?.[labels.userRef] ? [metadata.labels[labels.userRef] ?? ''] : [])
  const admins = kube.store(globalRoleBindings).index('platform-admin', ({ roleRef, subjects = [] }) => roleRef.name === 'platform-admin' ? subjects.filter(({ kind }) => kind === 'User').map(({ name }) => name) : [])
  const adminNetworks = createNetworks(config.server.adminNetworks)
  const limiter = createLimiter({ maxTries, duration, now })
  people.subscribe(({ object: { metadata, status }, previous }) => {
    // Times are in seconds: who is let in again in the second of the lock has changed state alone.
    const before = previous?.status
    if (previous && status?.state === 'Active' && (before?.state !== 'Active' || status.lastTransitionTime !== before.lastTransitionTime)) limiter.forget(metadata.name)
  })

  let waiting = 0
  let writing: Promise<unknown> = Promise.resolve()
  /** Records are written one after the other, behind the answers. */
  function later (work: () => Promise<unknown>): void {
    if (waiting >= mostWaiting) { log.warn('a login record was dropped: too many are waiting'); return }
    waiting++
    writing = writing.then(work).catch((error: unknown) => { log.warn({ err: error }, 'a login record could not be written') }).finally(() => { waiting-- })
  }

  function record (user: User, { type, sourceIP, userAgent }: Omit<Attempt, 'username' | 'password'>, success: boolean, reason: string, provider = ''): void {
    const { name } = user.metadata
    if (name.length > 63) return
    later(() => kube.create(loginRecords, {
      metadata: { name: '', generateName: `${name}-`, labels: { [labels.userRef]: name } },
      spec: { type, provider, sourceIP, ...(userAgent ? { userAgent } : {}), success, reason },
    }))
  }

  function lock (user: User, failures: number): void {
    later(() => kube.modify(users, user.metadata, current => current.status?.state === 'Active' ? { ...current, status: { ...lockedStatus(failures, duration, now()), ...(current.status.lastLoginTime ? { lastLoginTime: current.status.lastLoginTime } : {}) } } : undefined))
  }

  const find = (username: string): User | undefined => address.test(username) ? byEmail.get(username)[0] ?? people.get(username) : people.get(username)

  const isLocked = ({ status }: User): boolean =>
    status?.state === 'AuthLimitExceeded' && (Date.parse(status.lastTransitionTime ?? '') || 0) + duration > now()

  const isExempt = (user: User | undefined, sourceIP: string): boolean =>
    user !== undefined && config.server.adminNetworks.length > 0 && adminNetworks.has(sourceIP) && admins.count(user.metadata.name) > 0

  /** A place to try in; a LoginFailure where there is none. */
  function admit (user: User | undefined, username: string, sourceIP: string): (success: boolean) => void {
    if (isExempt(user, sourceIP)) return () => {}
    if (user && isLocked(user)) throw new LoginFailure('auth rate limit exceeded')
    const recorded = user ? countFailures(byUser.get(user.metadata.name), user, duration, now()) : 0
    const done = limiter.take(user ? 'account' : 'stranger', user?.metadata.name ?? username.slice(0, 256), networkOf(sourceIP), recorded)
    if (!done) throw new LoginFailure('auth rate limit exceeded')
    return done
  }

  return {
    find,
    ready: async () => { await Promise.all([people.ready(), records.ready()]) },
    succeeded: (user, attempt, provider) => { record(user, attempt, true, 'authenticated successfully', provider) },
    async attempt (attempt) {
      const { username, password, sourceIP } = attempt
      if (!username || !password) throw new LoginFailure('incorrect password')
      const user = find(username)
      const done = admit(user, username, sourceIP)
      let good = false
      try {
        good = await passwords.verify(password, user?.spec.password || undefined)
      } finally { done(good) }
      if (!user || !good) {
        if (user) {
          record(user, attempt, false, 'incorrect password')
          const failures = Math.max(limiter.failures(user.metadata.name), countFailures(byUser.get(user.metadata.name), user, duration, now()))
          if (failures >= maxTries && !isExempt(user, sourceIP)) lock(user, failures)
        }
        throw new LoginFailure('incorrect password')
      }
      const state = user.status?.state
      if (state !== 'Active' && state !== 'AuthLimitExceeded') throw new LoginFailure('account is not active')
      return user
    },
    async attemptAt (provider, attempt, look) {
      const { username, password, sourceIP } = attempt
      if (!username || !password) throw new LoginFailure('incorrect password')
      const done = limiter.take('stranger', strangerKey(provider, username), networkOf(sourceIP), 0)
      if (!done) throw new LoginFailure('auth rate limit exceeded')
      let isWrong = false
      try { return await look() } catch (error) {
        isWrong = error instanceof LoginFailure
        // As ks-apiserver: a record without a provider, of the user whose name was typed.
        const user = isWrong ? find(username) : undefined
        if (user) record(user, attempt, false, 'incorrect password')
        throw error
      } finally { done(!isWrong) }
    },
    async close () { await writing },
  }
}
