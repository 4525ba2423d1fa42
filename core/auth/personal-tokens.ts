import { LRUCache } from 'lru-cache'
import type { Logger } from 'pino'
import { labels, users, type User } from '../../schemas/iam/v1alpha2.js'
import { secrets, type Secret } from '../../schemas/kube/builtin.js'
import { alreadyExists, forbidden, serviceUnavailable, StatusError } from '../errors/status-error.js'
import type { Kube } from '../kube/types.js'
import { createSeals, idIn, label, namespace, sameToken, secretName, usedAt, type NewToken, type TokenRecord } from './personal-token-record.js'

/** Tokens that one person may have. */
const most = 50
/** How often the last use of a token is written, at most (ms). */
const useInterval = 10 * 60_000
/** How long a write waits to be seen by the own watch (ms). */
const patience = 1_000
const remembered = 10_000

export interface PersonalTokens {
  /** What a token stands for. Reads caches only; throws an Error where it is not, or no longer, good. */
  verify (token: string): { owner: User, record: TokenRecord }
  /** A new token, shown this once. One caller at a time for each owner. */
  create (owner: User, wanted: Omit<NewToken, 'now'>): Promise<{ token: string, record: TokenRecord }>
  /** The tokens of an account, expired ones included, by name. */
  list (owner: User): TokenRecord[]
  /** Ends tokens; nobody gets in with them from this moment on. */
  revoke (records: readonly TokenRecord[]): Promise<void>
  ready (): Promise<void>
  close (): void
}

/** Disabled, or on its end. */
const isOver = ({ status, metadata }: User): boolean => status?.state === 'Disabled' || metadata.deletionTimestamp !== undefined
const isOf = (owner: User | undefined, { ownerUid }: TokenRecord): boolean => owner !== undefined && owner.metadata.uid === ownerUid
const unlessGone = (error: unknown): void => { if (!(error instanceof StatusError && (error.code === 404 || error.code === 409))) throw error }

/** Personal access tokens, a labelled and sealed Secret each, which every replica watches. */
export function createPersonalTokens ({ kube, secret: jwtSecret, log, now = Date.now }: { kube: Kube, secret: string, log: Logger, now?: () => number }): PersonalTokens {
  const people = kube.store(users)
  const store = kube.store(secrets, { namespace, labelSelector: `${label}=true` })
  const seals = createSeals(jwtSecret)
  const read = new WeakMap<Secret, { record: TokenRecord | undefined }>()
  /** Uids of what has been ended here, until the watch tells the same. */
  const ended = new LRUCache<string, true>({ max: remembered })
  const written = new LRUCache<string, number>({ max: remembered })

  function recordOf (secret: Secret): TokenRecord | undefined {
    let known = read.get(secret)
    if (!known) {
      read.set(secret, known = { record: seals.read(secret) })
      if (!known.record) log.warn({ secret: secret.metadata.name }, 'a personal access token that this server did not seal is ignored')
    }
    return known.record
  }

  const byOwner = store.index('owner', ({ metadata }) => [metadata.labels?.[labels.userRef] ?? ''])
  const tokensOf = (name: string): TokenRecord[] => byOwner.get(name).flatMap(secret => recordOf(secret) ?? []).filter(({ owner, uid }) => owner === name && !ended.has(uid))

  function find (token: string): TokenRecord {
    const id = idIn(token)
    const secret = id === undefined ? undefined : store.get(secretName(id), namespace)
    const record = secret && recordOf(secret)
    if (!record && !store.synced) throw serviceUnavailable('the personal access tokens have not been read yet, please try again later')
    if (!record || ended.has(record.uid) || !sameToken(token, record)) throw new Error('the personal access token is not known, or has been revoked')
    if (record.expires <= now()) throw new Error('the personal access token has expired')
    return record
  }

  /** Writes that a token is in use, after the request and not for each; a token that has changed meanwhile is left alone. */
  function noteUse ({ id, uid, resourceVersion, lastUsed }: TokenRecord): void {
    const at = now()
    if (at - Math.max(lastUsed, written.get(uid) ?? 0) < useInterval) return
    written.set(uid, at)
    setImmediate(() => {
      kube.patch(secrets, { name: secretName(id), namespace }, { metadata: { resourceVersion }, data: usedAt(at) }, 'merge').then(() => {}, unlessGone)
        .catch((error: unknown) => { log.warn({ err: error }, 'the last use of a personal access token could not be written') })
    })
  }

  async function revoke (records: readonly TokenRecord[]): Promise<void> {
    await Promise.all(records.map(async ({ id, uid }) => {
      await kube.delete(secrets, { name: secretName(id), namespace }, { preconditions: { uid } }).catch(unlessGone)
      ended.set(uid, true)
    }))
  }

  /** Clears away what this server did not seal, as after a change of its key: it is no token, and must not keep a name taken. */
  async function clear ({ metadata: { name } }: Secret): Promise<void> {
    const found = store.get(name, namespace)
    if (found && !recordOf(found)) await kube.delete(secrets, { name, namespace }, { preconditions: { uid: found.metadata.uid ?? '' } }).catch(unlessGone)
  }

  /** Ends what belongs to accounts that are disabled: for good, also where they come back. What is left of accounts that are gone, Kubernetes collects. */
  function sweep (records: readonly TokenRecord[]): void {
    if (records.length > 0) revoke(records).catch((error: unknown) => { log.error({ err: error }, 'personal access tokens of an account that is disabled could not be removed') })
  }

  const isOrphan = (record: TokenRecord): boolean => {
    const owner = people.get(record.owner)
    return owner !== undefined && (!isOf(owner, record) || isOver(owner))
  }
  const stop = people.subscribe(({ object }) => { if (isOver(object)) sweep(tokensOf(object.metadata.name).filter(record => isOf(object, record))) })

  const list = (owner: User): TokenRecord[] => tokensOf(owner.metadata.name).filter(record => isOf(owner, record)).sort((a, b) => a.name < b.name ? -1 : 1)

  return {
    list,
    revoke,
    verify (token) {
      const record = find(token)
      const owner = people.get(record.owner)
      if (!owner && !people.synced) throw serviceUnavailable('the accounts have not been read yet, please try again later')
      if (!owner || !isOf(owner, record) || isOver(owner)) throw new Error('account is not active')
      noteUse(record)
      return { owner, record }
    },
    async create (owner, wanted) {
      const own = list(owner)
      const old = own.filter(({ expires }) => expires <= now())
      if (own.length - old.length >= most) throw forbidden('personalaccesstokens', wanted.name, `${owner.metadata.name} has ${most} of them, which is as many as one may have`)
      await revoke(old)
      const { token, secret } = seals.make(owner, { ...wanted, now: now() })
      await clear(secret)
      const created = await kube.create(secrets, secret).catch((error: unknown) => {
        throw error instanceof StatusError && error.code === 409 ? alreadyExists('personalaccesstokens', wanted.name) : error
      })
      await store.waitFor({ name: created.metadata.name, namespace }, created.metadata.resourceVersion ?? '', patience)
      const record = seals.read(created)
      if (!record) throw new Error('a personal access token was changed while it was written')
      return { token, record }
    },
    async ready () {
      await Promise.all([people.ready(), store.ready()])
      sweep(store.list().flatMap(secret => recordOf(secret) ?? []).filter(isOrphan))
    },
    close: stop,
  }
}
