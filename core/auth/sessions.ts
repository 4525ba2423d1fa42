import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Logger } from 'pino'
import { StatusError, serviceUnavailable } from '../errors/status-error.js'
import type { Kube } from '../kube/types.js'
import { namespaces, secrets, type Secret } from '../../schemas/kube/builtin.js'
import { issuedAt, type Claims } from './tokens.js'

const namespace = 'kubesphere-system'
const label = 'iam.kubesphere.io/session'
/** Entries of each sort that one user may have; beyond, everything issued so far ends. */
const most = 1_000
/** How long a write waits to be seen by the own watch (ms). */
const patience = 1_000

/** What ends a user's tokens before they expire. Times are ms since 1970; an entry goes once the token that it speaks of would have expired. */
interface State {
  user: string
  /** Tokens issued up to here are ended. */
  notBefore: number
  /** Token ids and families → expiry. */
  ended: Record<string, number>
  /** Codes and refresh tokens that have been used → expiry. */
  spent: Record<string, number>
  /** Families that `notBefore` does not end → expiry. */
  kept: Record<string, number>
}

const empty = (user: string): State => ({ user, notBefore: 0, ended: {}, spent: {}, kept: {} })
const secretName = (user: string): string => `session-${createHash('sha256').update(user).digest('hex').slice(0, 40)}`
const record = (entries: readonly (readonly [string, number])[]): Record<string, number> => Object.assign(Object.create(null) as Record<string, number>, Object.fromEntries(entries))

function parse (secret: Secret | undefined): State | undefined {
  const text = secret?.data?.state
  if (!text) return undefined
  try {
    const { user = '', notBefore = 0, ended = {}, spent = {}, kept = {} } = JSON.parse(Buffer.from(text, 'base64').toString('utf8')) as Partial<State>
    return { user, notBefore, ended: record(Object.entries(ended)), spent: record(Object.entries(spent)), kept: record(Object.entries(kept)) }
  } catch { return undefined }
}

const encode = (state: State): Record<string, string> => ({ state: Buffer.from(JSON.stringify(state)).toString('base64') })

export interface Sessions {
  /** Why a token has been ended; undefined while it has not. Reads the cache only. */
  ended (claims: Claims): string | undefined
  /** Ends everything issued to a user up to now, and answers the time from which on tokens count again. What came from the log-in `keep` stays, until `expires` (ms). */
  endAll (user: string, keep?: { family: string, expires: number }): Promise<number>
  /** Ends one token and, with `family`, all that came from the same log-in. `expires` in ms. */
  end (user: string, ids: readonly string[], expires: number): Promise<void>
  /** Uses a code or a refresh token up: true for the first who does so, on whatever replica. */
  spend (user: string, id: string, expires: number): Promise<boolean>
  ready (): Promise<void>
}

/** Sessions kept in one labelled Secret per user, which every replica watches. */
export function createSessions ({ kube, log, now = Date.now }: { kube: Kube, log: Logger, now?: () => number }): Sessions {
  const store = kube.store(secrets, { namespace, labelSelector: `${label}=true` })
  const parsed = new WeakMap<Secret, State>()

  const names = new LRUCache<string, string>({ max: 10_000 })
  function nameOf (user: string): string {
    let name = names.get(user)
    if (name === undefined) names.set(user, name = secretName(user))
    return name
  }

  function stateOf (user: string): State | undefined {
    const secret = store.get(nameOf(user), namespace)
    if (!secret) return undefined
    let state = parsed.get(secret)
    if (!state) {
      state = parse(secret)
      if (!state) { log.error({ user }, 'the session state of a user cannot be read: all tokens issued before now are refused'); state = { ...empty(user), notBefore: now() } }
      parsed.set(secret, state)
    }
    return state
  }

  /** Drops what has expired; where too much is left, moves the time instead. */
  function tidy (state: State): State {
    const at = now()
    const live = (entries: Record<string, number>) => Object.entries(entries).filter(([, expires]) => expires > at)
    const [ended, spent, kept] = [live(state.ended), live(state.spent), live(state.kept)]
    return ended.length > most || spent.length > most
      ? { ...state, notBefore: Math.max(state.notBefore, at), ended: record([]), spent: record([]), kept: record([]) }
      : { ...state, ended: record(ended), spent: record(spent), kept: record(kept) }
  }

  async function create (user: string, state: State): Promise<Secret> {
    const secret: Secret = { metadata: { name: secretName(user), namespace, labels: { [label]: 'true' } }, type: 'iam.kubesphere.io/session', data: encode(state) }
    try { return await kube.create(secrets, secret) } catch (error) {
      if (!(error instanceof StatusError) || error.code !== 404) throw error
      await kube.create(namespaces, { metadata: { name: namespace } }).catch(() => {})
      return kube.create(secrets, secret)
    }
  }

  /** Reads, changes and writes a user's state until nobody was faster. `change` answers undefined to write nothing. */
  async function update (user: string, change: (state: State) => State | undefined): Promise<boolean> {
    const ref = { name: secretName(user), namespace }
    for (let attempt = 0; attempt < 20; attempt++) {
      const secret = await kube.find(secrets, ref)
      const next = change(tidy(parse(secret) ?? empty(user)))
      if (next === undefined) return false
      try {
        const written = secret ? await kube.update(secrets, { ...secret, data: encode(next) }) : await create(user, next)
        await store.waitFor(ref, written.metadata.resourceVersion ?? '', patience)
        return true
      } catch (error) {
        if (!(error instanceof StatusError) || error.code !== 409) throw error
      }
    }
    throw serviceUnavailable('the session could not be written: too many writers at once')
  }

  return {
    ready: () => store.ready(),
    ended (claims) {
      const state = stateOf(claims.username)
      if (!state) return undefined
      const isKept = claims.fam !== undefined && (state.kept[claims.fam] ?? 0) > now()
      const gone = (issuedAt(claims) <= state.notBefore && !isKept) || [claims.jti, claims.fam].some(id => id !== undefined && (state.ended[id] ?? 0) > now())
      return gone ? 'token not found in cache' : undefined
    },
    async endAll (user, keep) {
      const at = now()
      // What has been ended one by one stays ended where its family is kept.
      await update(user, state => ({ ...state, notBefore: Math.max(state.notBefore, at), ended: keep ? state.ended : record([]), kept: record(keep ? [[keep.family, keep.expires]] : []) }))
      return at
    },
    async end (user, ids, expires) {
      await update(user, state => ({ ...state, ended: record([...Object.entries(state.ended), ...ids.map(id => [id, expires] as const)]) }))
    },
    spend: (user, id, expires) => update(user, state => state.spent[id] !== undefined ? undefined : { ...state, spent: record([...Object.entries(state.spent), [id, expires]]) }),
  }
}
