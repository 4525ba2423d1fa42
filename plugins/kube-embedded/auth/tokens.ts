import { randomUUID } from 'node:crypto'
import { isRecord, type KubeObject } from '../../../core/sdk/index.js'
import type { Secret } from '../../../schemas/kube/builtin.js'
import { keyOf, type Context } from '../context.js'
import type { SigningKey } from './keys.js'
import { accountGroups, accountUser, authenticated, type User } from './users.js'

/** Who issues tokens, and whom they are for unless something else is asked. */
export const issuer = 'https://kubernetes.default.svc.cluster.local'
const legacyIssuer = 'kubernetes/serviceaccount'
const legacy = (name: string): string => `kubernetes.io/serviceaccount/${name}`
/** How long what is being deleted still counts, ms. */
const leeway = 60_000

export interface Reference { readonly kind: 'Pod' | 'Secret' | 'Node', readonly name: string, readonly uid: string }
export interface TokenOrder {
  readonly audiences: readonly string[]
  /** Seconds. */
  readonly lifetime: number
  readonly bound?: Reference
  /** The node of a pod that the token is bound to. */
  readonly node?: { readonly name: string, readonly uid?: string }
}

/** What a token says of who holds it; `error` where it is not good. */
export type Verdict = { readonly user: User, readonly audiences: readonly string[] } | { readonly error: string }

const fail = (error: string): Verdict => ({ error })
const textOf = (value: unknown): string => typeof value === 'string' ? value : ''
const fieldsOf = (value: unknown): Record<string, unknown> => isRecord(value) ? value : {}

const kinds = { pod: 'pods', secret: 'secrets', node: 'nodes' } as const
const remembered = 2000

/** Issues and checks the tokens of ServiceAccounts. A token lives as long as its ServiceAccount, and as what it is bound to. */
export class Tokens {
  /** Claims of tokens whose signature was good. */
  readonly #known = new Map<string, Record<string, unknown>>()

  constructor (private readonly context: Pick<Context, 'storage' | 'rows' | 'now'>, private readonly key: SigningKey) {}

  /** An object that counts: there, and not long on its end. */
  find (resource: string, namespace: string, name: string): KubeObject | undefined {
    const { storage, rows, now } = this.context
    const row = rows.find('', 'v1', resource)
    const object = row && storage.get(row.bucket, keyOf(row, namespace, name))?.object
    const deleted = Date.parse(String(object?.metadata.deletionTimestamp ?? ''))
    return deleted + leeway < now() ? undefined : object
  }

  issue ({ metadata: { name, namespace = '', uid } }: KubeObject, { audiences, lifetime, bound, node }: TokenOrder): { token: string, expires: number } {
    const issued = Math.floor(this.context.now() / 1000)
    const expires = issued + lifetime
    const token = this.key.sign({
      aud: audiences,
      exp: expires,
      iat: issued,
      iss: issuer,
      jti: randomUUID(),
      'kubernetes.io': {
        namespace,
        ...(node ? { node } : {}),
        ...(bound ? { [bound.kind.toLowerCase()]: { name: bound.name, uid: bound.uid } } : {}),
        serviceaccount: { name, uid },
      },
      nbf: issued,
      sub: accountUser(namespace, name),
    })
    return { token, expires: expires * 1000 }
  }

  /** The token of a Secret: without an end, good as long as it is in the Secret. */
  issueLegacy ({ metadata: { name, namespace = '', uid } }: KubeObject, secret: string): string {
    return this.key.sign({
      iss: legacyIssuer,
      [legacy('namespace')]: namespace,
      [legacy('secret.name')]: secret,
      [legacy('service-account.name')]: name,
      [legacy('service-account.uid')]: uid,
      sub: accountUser(namespace, name),
    })
  }

  check (token: string, audiences: readonly string[] = [issuer]): Verdict {
    const claims = this.#claims(token)
    if (!claims) return fail('')
    return claims['iss'] === legacyIssuer ? this.#checkLegacy(token, claims, audiences) : this.#checkBound(claims, audiences)
  }

  #claims (token: string): Record<string, unknown> | undefined {
    const known = this.#known.get(token)
    if (known) return known
    const claims = this.key.verify(token)
    if (!claims) return undefined
    if (this.#known.size >= remembered) this.#known.clear()
    this.#known.set(token, claims)
    return claims
  }

  #checkBound (claims: Record<string, unknown>, wanted: readonly string[]): Verdict {
    const { exp, nbf, aud, iss } = claims
    const now = this.context.now() / 1000
    const own = (Array.isArray(aud) ? aud : [aud]).map(String)
    const audiences = wanted.filter(audience => own.includes(audience))
    if (iss !== issuer) return fail('')
    if (typeof exp !== 'number' || now >= exp) return fail('service account token has expired')
    if (typeof nbf === 'number' && now < nbf) return fail('service account token is not valid yet')
    if (audiences.length === 0) return fail(`token audiences ${JSON.stringify(own)} is invalid for the target audiences ${JSON.stringify(wanted)}`)
    return this.#ofBinding(claims, audiences)
  }

  #ofBinding (claims: Record<string, unknown>, audiences: readonly string[]): Verdict {
    const binding = fieldsOf(claims['kubernetes.io'])
    const namespace = textOf(binding['namespace'])
    const account = fieldsOf(binding['serviceaccount'])
    const broken = this.#isGone('serviceaccounts', namespace, account) || Object.entries(kinds).some(([key, resource]) => {
      // With a pod, the node is said for information only.
      if (binding[key] === undefined || (key === 'node' && binding['pod'] !== undefined)) return false
      return this.#isGone(resource, key === 'node' ? '' : namespace, fieldsOf(binding[key]))
    })
    if (broken) return fail('service account token has been invalidated')
    return { user: userOf(namespace, account, extraOf(binding, textOf(claims['jti']))), audiences }
  }

  #isGone (resource: string, namespace: string, { name, uid }: Record<string, unknown>): boolean {
    const object = this.find(resource, namespace, textOf(name))
    return object === undefined || object.metadata.uid !== uid
  }

  #checkLegacy (token: string, claims: Record<string, unknown>, audiences: readonly string[]): Verdict {
    const namespace = textOf(claims[legacy('namespace')])
    const account = { name: claims[legacy('service-account.name')], uid: claims[legacy('service-account.uid')] }
    const secret = this.find('secrets', namespace, textOf(claims[legacy('secret.name')])) as Secret | undefined
    const kept = Buffer.from(secret?.data?.['token'] ?? '', 'base64').toString('utf8')
    if (kept !== token || this.#isGone('serviceaccounts', namespace, account)) return fail('service account token has been invalidated')
    const good = audiences.filter(audience => audience === issuer)
    return good.length ? { user: userOf(namespace, account, {}), audiences: good } : fail(`token audiences ${JSON.stringify([issuer])} is invalid for the target audiences ${JSON.stringify(audiences)}`)
  }

  /** What the outside needs to check tokens by itself. */
  get jwks () { return { keys: [this.key.jwk] } }
}

const userOf = (namespace: string, { name, uid }: Record<string, unknown>, extra: Record<string, string[]>): User =>
  ({ name: accountUser(namespace, textOf(name)), uid: textOf(uid), groups: [...accountGroups(namespace), authenticated], ...(Object.keys(extra).length ? { extra } : {}) })

function extraOf (binding: Record<string, unknown>, id: string): Record<string, string[]> {
  const extra: Record<string, string[]> = id ? { 'authentication.kubernetes.io/credential-id': [`JTI=${id}`] } : {}
  for (const key of ['node', 'pod']) {
    const { name, uid } = fieldsOf(binding[key])
    if (name) extra[`authentication.kubernetes.io/${key}-name`] = [textOf(name)]
    if (uid) extra[`authentication.kubernetes.io/${key}-uid`] = [textOf(uid)]
  }
  return extra
}
