import type { Authority, KubeObject } from '../../../core/sdk/index.js'
import type { SigningRequest } from '../../../schemas/kube/builtin.js'
import { masters } from '../auth/users.js'
import { keyOf, timestamp, type Context } from '../context.js'
import { requested } from '../kinds/certificate-requests.js'
import { clientSigner as signer, mastersRefusal } from '../kinds/signing-requests.js'
import type { Draft, KindRow } from '../kinds/types.js'
import { adjustObject } from '../writes.js'
import type { Listener } from './changes.js'
import { Queue } from './queue.js'

const allowed = ['client auth', 'digital signature', 'key encipherment']
/** ms: the longest life of a certificate, and how long before now it begins, for clocks that differ. */
const times = { most: 365 * 86_400_000, before: 5 * 60_000 }

const isRequests = ({ group, resource }: KindRow): boolean => group === 'certificates.k8s.io' && resource === 'certificatesigningrequests'

/** Approved, for our signer, and not answered yet. */
function waits (object: KubeObject): boolean {
  const { spec, status: { certificate, conditions = [] } = {} } = object as SigningRequest
  const types = conditions.map(({ type }) => type)
  return spec.signerName === signer && !certificate && types.includes('Approved') && !types.includes('Denied') && !types.includes('Failed')
}

/** Signs approved requests for certificates of clients; what it may not sign, it fails. */
export function signingController (context: Context, authority: Authority): { listener: Listener, queue: Queue } {
  const queue = new Queue('certificate-signing', name => answer(context, authority, name), context.log)
  const seen = (row: KindRow, object: KubeObject) => { if (isRequests(row) && waits(object)) queue.add(object.metadata.name) }
  return {
    queue,
    listener: {
      found: (row, { object }) => { seen(row, object) },
      changed: (row, { type, entry: { object } }) => { if (type === 'put') seen(row, object) },
    },
  }
}

async function answer (context: Context, authority: Authority, name: string): Promise<void> {
  const row = context.rows.find('certificates.k8s.io', 'v1', 'certificatesigningrequests')
  const stored = row && context.storage.get(row.bucket, keyOf(row, '', name))?.object
  if (!row || !stored || !waits(stored)) return
  const outcome = outcomeOf(stored as SigningRequest, authority, context.now())
  await adjustObject(context, { row, namespace: '', name }, draft => {
    if (!waits(draft) || draft.metadata.uid !== stored.metadata.uid) return undefined
    const { status = {} } = draft as KubeObject as SigningRequest
    return { ...draft, status: { ...status, ...'certificate' in outcome ? outcome : { conditions: [...status.conditions ?? [], outcome.failure] } } } as Draft
  })
}

function outcomeOf ({ spec }: SigningRequest, authority: Authority, now: number) {
  try {
    return { certificate: Buffer.from(sign(spec, authority, now)).toString('base64') }
  } catch (error) {
    const at = timestamp(now)
    return { failure: { type: 'Failed', status: 'True', reason: 'SignerValidationFailure', message: (error as Error).message, lastUpdateTime: at, lastTransitionTime: at } }
  }
}

function sign ({ request, usages, expirationSeconds }: SigningRequest['spec'], authority: Authority, now: number): string {
  const wrong = usages.find(usage => !allowed.includes(usage))
  if (wrong) throw new Error(`invalid usage for client certificate: ${wrong}`)
  if (!usages.includes('client auth')) throw new Error('missing required usage for client certificate: client auth')
  const { subject, publicKey } = requested(request)
  // Refused when they are made, but for those that were there before.
  if (subject.organizations?.includes(masters)) throw new Error(mastersRefusal)
  return authority.issue(subject, publicKey, now - times.before, now + Math.min(expirationSeconds === undefined ? Infinity : expirationSeconds * 1000, times.most))
}
