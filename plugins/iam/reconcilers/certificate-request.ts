import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { users, type User } from '../../../schemas/iam/v1alpha2.js'
import { signingRequests, type SigningRequest } from '../../../schemas/kube/builtin.js'
import { certificateRequest, controllerOf, unlessMissing, type Kube } from '../../../core/sdk/index.js'
import type { Credential } from './kubeconfig-text.js'
import { usernameLabel } from './person.js'

const hour = 3_600_000
/** ms: the life of a certificate; how long nobody may answer until the next try; how long our own request may take to be seen, and signers to answer. */
const times = { life: 30 * 24 * hour, patience: 24 * hour, sight: 60_000 }

const approval = { type: 'Approved', status: 'True', reason: 'KubeSphereApprove', message: 'This CSR was approved by KubeSphere' }
const hasCondition = ({ status }: SigningRequest, ...types: readonly string[]): boolean => status?.conditions?.some(({ type }) => types.includes(type)) ?? false

/** What of the requests is watched. */
export const requestPart = { labelSelector: usernameLabel }

/** A request of ours. The key is nowhere but here until the certificate is there: a process that comes after makes a request of its own. */
interface Attempt { readonly owner: string, readonly at: number, readonly name: string, readonly uid: string, readonly request: string, readonly key: string, seen: boolean }

/** What became of it: the credential, or when (ms from now) to look again. */
export type Outcome = { readonly credential: Credential } | { readonly again: number }

/**
 * Certificates of people for Kubernetes' own API: asked for, approved and fetched. Approved is only what this process has asked for, byte by byte: labels and
 * names of a request prove nothing, because others can write them.
 */
export function createCertificates ({ kube, now }: { kube: Kube, now: () => number }) {
  const requests = kube.store(signingRequests, requestPart)
  const byPerson = requests.index('person', ({ metadata }) => [metadata.labels?.[usernameLabel] ?? ''])
  const attempts = new Map<string, Attempt>()

  const remove = (name: string, uid: string) => kube.delete(signingRequests, { name }, { preconditions: { uid } }).catch(unlessMissing)

  const ageOf = ({ metadata }: SigningRequest): number => now() - (Date.parse(metadata.creationTimestamp ?? '') || 0)

  /** What processes before us have asked for this person, with keys that nobody has any more. */
  function leftOf (name: string): SigningRequest[] {
    const own = attempts.get(name)?.uid
    return byPerson.get(name).filter(({ metadata }) => metadata.uid !== own && metadata.name.startsWith(`${name}-csr-`) && /^\d+$/.test(metadata.name.slice(name.length + 5)))
  }

  async function sweep (name: string): Promise<void> {
    for (const { metadata } of leftOf(name)) await remove(metadata.name, metadata.uid ?? '')
  }

  /** Where an approved request was left alone, nobody signs: the next one would be, too. */
  const isIgnored = (request: SigningRequest): boolean => hasCondition(request, 'Approved') && !request.status?.certificate && ageOf(request) > times.sight && ageOf(request) < times.patience

  async function begin (user: User): Promise<Attempt> {
    const { name, uid: owner = '' } = user.metadata
    attempts.delete(name)
    await sweep(name)
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const request = Buffer.from(certificateRequest(privateKey, { commonName: name })).toString('base64')
    const at = now()
    const { metadata } = await kube.create(signingRequests, {
      metadata: { name: `${name}-csr-${Math.floor(at / 1000)}`, labels: { [usernameLabel]: name }, ownerReferences: [controllerOf(users, user)] },
      spec: { request, signerName: 'kubernetes.io/kube-apiserver-client', usages: ['key encipherment', 'client auth', 'digital signature'], expirationSeconds: times.life / 1000 },
    })
    const attempt = { owner, at, name: metadata.name, uid: metadata.uid ?? '', request, key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })), seen: false }
    attempts.set(name, attempt)
    await requests.waitFor(metadata, metadata.resourceVersion ?? '')
    return attempt
  }

  /** The request as it is now; undefined where it has gone, or is another one under its name. */
  function find (attempt: Attempt): SigningRequest | undefined {
    const found = requests.get(attempt.name)
    if (found?.metadata.uid !== attempt.uid || found.spec.request !== attempt.request) return undefined
    attempt.seen = true
    return found
  }

  async function approve ({ metadata: { name, uid, resourceVersion }, status }: SigningRequest): Promise<void> {
    await kube.patch(signingRequests, { name }, { metadata: { uid, resourceVersion }, status: { conditions: [...status?.conditions ?? [], approval] } }, 'merge', 'approval')
  }

  /** Fails where a certificate is not for exactly this person and key. */
  function credentialOf (name: string, { key }: Attempt, certificate: string): Credential {
    const issued = new X509Certificate(Buffer.from(certificate, 'base64'))
    if (issued.subject !== `CN=${name}` || !issued.checkPrivateKey(createPrivateKey(key))) throw new Error(`the certificate that was issued for ${name} is not the one that was asked for`)
    return { certificate, key: Buffer.from(key).toString('base64') }
  }

  async function forget (name: string): Promise<void> {
    const attempt = attempts.get(name)
    attempts.delete(name)
    if (attempt) await remove(attempt.name, attempt.uid)
  }

  return {
    /** The next step towards a certificate of somebody. */
    async obtain (user: User): Promise<Outcome> {
      const { name, uid } = user.metadata
      const known = attempts.get(name)
      const ignored = known ? undefined : leftOf(name).find(isIgnored)
      if (ignored) return { again: times.patience - ageOf(ignored) }
      const attempt = known && known.owner === uid ? known : await begin(user)
      const request = find(attempt)
      if (request?.status?.certificate) return { credential: credentialOf(name, attempt, request.status.certificate) }
      const age = now() - attempt.at
      if (!request && !attempt.seen && age < times.sight) return { again: 1000 }
      if (age >= times.patience) {
        await forget(name)
        return { again: 1000 }
      }
      if (request && !hasCondition(request, 'Approved', 'Denied', 'Failed')) await approve(request)
      return { again: times.patience - age }
    },
    /** Drops what is under way for somebody, and what was left behind. */
    async end (name: string): Promise<void> {
      await forget(name)
      await sweep(name)
    },
  }
}

export type Certificates = ReturnType<typeof createCertificates>
