import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto'
import { readPrivate, writePrivate } from '../../../core/sdk/index.js'

const file = 'kube-service-account.key'
const encoding = 'ieee-p1363'

/** Signs and checks JSON Web Tokens with a key of its own (ES256). */
export interface SigningKey {
  sign (claims: object): string
  /** The claims of a token that this key signed. */
  verify (token: string): Record<string, unknown> | undefined
  /** RFC 7517. */
  readonly jwk: Readonly<Record<string, unknown>>
}

function read (pem: string, dir: string): KeyObject {
  try {
    const key = createPrivateKey(pem)
    if (key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return key
  } catch {}
  throw new Error(`${file} in ${dir} is no P-256 private key in PEM: remove it to have a new one made (tokens of service accounts end then)`)
}

async function keep (dir: string): Promise<KeyObject> {
  const kept = await readPrivate(dir, file)
  if (kept) return read(kept, dir)
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  await writePrivate(dir, file, String(privateKey.export({ type: 'pkcs8', format: 'pem' })))
  return privateKey
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

function decode (part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null ? value as Record<string, unknown> : undefined
  } catch {
    return undefined
  }
}

export function signingKey (privateKey: KeyObject): SigningKey {
  const publicKey = createPublicKey(privateKey)
  const kid = createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' })).digest('base64url')
  const head = encode({ alg: 'ES256', kid })
  return {
    sign (claims) {
      const text = `${head}.${encode(claims)}`
      return `${text}.${sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: encoding }).toString('base64url')}`
    },
    verify (token) {
      const [header = '', claims = '', signature = '', ...more] = token.split('.')
      const { alg, kid: named = kid } = decode(header) ?? {}
      if (more.length || alg !== 'ES256' || named !== kid) return undefined
      const good = verify('sha256', Buffer.from(`${header}.${claims}`), { key: publicKey, dsaEncoding: encoding }, Buffer.from(signature, 'base64url'))
      return good ? decode(claims) : undefined
    },
    jwk: { use: 'sig', ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256' },
  }
}

/** The key of service account tokens, kept in `dir` and made at the first start. */
export const keepSigningKey = async (dir: string): Promise<SigningKey> => signingKey(await keep(dir))
