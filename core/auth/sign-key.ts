import { createPrivateKey, createPublicKey, generateKeyPair } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import type { ServerConfig } from '../../config/server.js'
import { secrets, type Secret } from '../../schemas/kube/builtin.js'
import { isTaken } from '../errors/status-error.js'
import type { Kube } from '../kube/types.js'

/** The RSA key that signs id tokens. */
export interface SignKey {
  /** PEM, PKCS#1. */
  readonly pem: string
  readonly kid: string
  /** As /oauth/keys publishes it. */
  readonly jwk: { use: 'sig', kty: 'RSA', kid: string, alg: 'RS256', n: string, e: string }
}

/** FNV-1a of 32 bits, in decimal: the key id of 3.x. */
function fnv (bytes: Buffer): string {
  let hash = 0x811c9dc5
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return String(hash)
}

export function signKeyOf (pem: string): SignKey {
  const { n = '', e = '' } = createPublicKey(createPrivateKey(pem)).export({ format: 'jwk' })
  const kid = fnv(Buffer.from(pem))
  return { pem, kid, jwk: { use: 'sig', kty: 'RSA', kid, alg: 'RS256', n, e } }
}

const ref = { name: 'ks-apiserver-sign-key', namespace: 'kubesphere-system' }
const pemOf = (secret: Secret): string => Buffer.from(secret.data?.['private-key.pem'] ?? '', 'base64').toString()

/** The configured key; without one, the one that all replicas share in a Secret, made by whoever is first. */
export async function loadSignKey ({ signKey, signKeyData }: ServerConfig['authentication']['oauthOptions'], kube: Kube): Promise<SignKey> {
  if (signKey) return signKeyOf(readFileSync(signKey, 'utf8'))
  if (signKeyData) return signKeyOf(Buffer.from(signKeyData, 'base64').toString())
  const found = await kube.find(secrets, ref)
  if (found) return signKeyOf(pemOf(found))
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs1', format: 'pem' } })
  try {
    await kube.create(secrets, { metadata: { ...ref }, type: 'Opaque', data: { 'private-key.pem': Buffer.from(privateKey).toString('base64') } })
    return signKeyOf(privateKey)
  } catch (error) {
    if (!isTaken(error)) throw error
    return signKeyOf(pemOf(await kube.get(secrets, ref)))
  }
}
