import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Secret } from '../../schemas/kube/builtin.js'
import { apiVersionOf } from '../../schemas/kube/object.js'
import { labels, users, type User } from '../../schemas/iam/v1alpha2.js'
import { restrictionOf, type TokenScope } from './restriction.js'
import type { Restriction } from './types.js'

export const namespace = 'kubesphere-system'
export const label = 'iam.kubesphere.io/personal-access-token'
const form = /^kspat_([0-9a-f]{20})_[A-Za-z0-9_-]{43}$/

/** What is kept of a token; times are ms since 1970. */
interface Kept {
  id: string
  owner: string
  /** Of the account: a later one of the same name inherits nothing. */
  ownerUid: string
  name: string
  /** sha256 of the token, base64url. */
  hash: string
  created: number
  expires: number
  scope: TokenScope
}

/** A token as its Secret tells, ready to be asked. `lastUsed` is 0 before the first use. */
export interface TokenRecord extends Kept {
  readonly uid: string
  readonly resourceVersion: string
  readonly lastUsed: number
  readonly restriction: Restriction
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const text = (data: string | undefined): string => Buffer.from(data ?? '', 'base64').toString('utf8')
const digest = (token: string): Buffer => createHash('sha256').update(token).digest()

export const isPersonalToken = (credential: string): boolean => credential.startsWith('kspat_')
/** The id in a token; undefined where it has another form. */
export const idIn = (token: string): string | undefined => form.exec(token)?.[1]
export const secretName = (id: string): string => `personal-access-token-${id}`
/** The same for the same name of the same account: so Kubernetes itself refuses a name that is taken. */
const idOf = ({ metadata: { uid = '' } }: User, name: string): string => createHash('sha256').update(`${uid}/${name}`).digest('hex').slice(0, 20)
export const sameToken = (token: string, { hash }: Kept): boolean => {
  const [given, kept] = [digest(token), Buffer.from(hash, 'base64url')]
  return given.length === kept.length && timingSafeEqual(given, kept)
}
/** The time of a use, as a Secret keeps it. */
export const usedAt = (ms: number): Record<string, string> => ({ lastUsed: base64(String(ms)) })

export interface NewToken { name: string, lifetime: number, scope: TokenScope, now: number }

/** How tokens are kept: sealed with the server's own key, so that nobody makes one by writing a Secret. */
export function createSeals (jwtSecret: string) {
  const key = createHmac('sha256', jwtSecret).update('personal-access-token\0').digest()
  const seal = (id: string, state: string): Buffer => createHmac('sha256', key).update(`${id}\0${state}`).digest()

  function secretOf (owner: User, kept: Kept): Secret {
    const { name, uid = '' } = owner.metadata
    const state = JSON.stringify(kept)
    return {
      metadata: {
        name: secretName(kept.id),
        namespace,
        labels: { [label]: 'true', [labels.userRef]: name },
        ownerReferences: [{ apiVersion: apiVersionOf(users), kind: users.kind, name, uid }],
      },
      type: label,
      data: { state: base64(state), seal: seal(kept.id, state).toString('base64') },
    }
  }

  return {
    /** A new token and the Secret that is kept of it. */
    make (owner: User, { name, lifetime, scope, now }: NewToken): { token: string, secret: Secret } {
      const id = idOf(owner, name)
      const token = `kspat_${id}_${randomBytes(32).toString('base64url')}`
      const { name: ownerName, uid: ownerUid = '' } = owner.metadata
      return { token, secret: secretOf(owner, { id, owner: ownerName, ownerUid, name, hash: digest(token).toString('base64url'), created: now, expires: now + lifetime, scope }) }
    },
    /** What a Secret says; undefined where this server did not write it, or it was moved. */
    read ({ metadata, data = {} }: Secret): TokenRecord | undefined {
      const [state, given] = [text(data.state), Buffer.from(data.seal ?? '', 'base64')]
      const wanted = seal(metadata.name.slice(secretName('').length), state)
      if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined
      const kept = JSON.parse(state) as Kept
      const { uid = '', resourceVersion = '' } = metadata
      return { ...kept, uid, resourceVersion, lastUsed: Number(text(data.lastUsed)) || 0, restriction: restrictionOf(kept.scope) }
    },
  }
}
