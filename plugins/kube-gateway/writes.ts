import { badRequest, conflict, readAll, type Headers, type Kind, type Kube, type KubeObject, type KubeResponse, type KubeWrite, type ObjectGuard, type RequestInfo } from '../../core/sdk/index.js'
import { parseJSON } from '../../core/sdk/index.js'
import { decodeBody } from './body.js'
import { sendOn } from './forward.js'

/** A guarded write on its way: what came, and as whom it goes. */
export interface GuardedWrite {
  kube: Kube
  guards: readonly ObjectGuard[]
  write: Pick<KubeWrite, 'user' | 'info' | 'asServer'>
  path: string
  /** Encoded parameters that also hold for a create or update: fieldManager, dryRun, fieldValidation. */
  query: string
  headers: Headers
  contentType: string
  body: Buffer
  signal: AbortSignal
}

const kindOf = ({ apiGroup, apiVersion, resource, namespace }: RequestInfo): Kind =>
  ({ group: apiGroup, version: apiVersion, resource, kind: '', namespaced: namespace !== '' && resource !== 'namespaces' })

const decode = (contentType: string, body: Buffer): KubeObject => object(decodeBody(contentType, body))

function object (value: unknown): KubeObject {
  const { metadata } = (value ?? {}) as Partial<KubeObject>
  if (typeof metadata !== 'object' || metadata === null) throw badRequest('the body is not an object with metadata')
  return value as KubeObject
}

async function ask (guards: readonly ObjectGuard[], write: KubeWrite): Promise<KubeObject | undefined> {
  let current = write.object
  for (const guard of guards) current = await guard.write?.({ ...write, ...(current ? { object: current } : {}) }) ?? current
  return current
}

const attempts = 5

/** Sends a write as its guards leave it. Patches become updates of the state that the guards saw, so that what was looked at is what is stored. */
export async function sendGuarded (guarded: GuardedWrite): Promise<KubeResponse> {
  const { kube, guards, write } = guarded
  const { verb, name, namespace, resource } = write.info
  const kind = kindOf(write.info)
  const ref = { name, ...(namespace && resource !== 'namespaces' ? { namespace } : {}) }
  const send = (method: string, body?: KubeObject) => sendOn(kube.transport, {
    method,
    path: guarded.path,
    query: guarded.query,
    headers: { ...guarded.headers, ...(body ? { 'content-type': 'application/json', 'content-length': undefined } : {}) },
    signal: guarded.signal,
    ...(body ? { body: JSON.stringify(body) } : guarded.body.length ? { body: guarded.body } : {}),
  })

  if (verb === 'create') return send('POST', await ask(guards, { ...write, object: decode(guarded.contentType, guarded.body) }))
  if (verb === 'patch') return sendPatched(guarded, kind, ref)
  const stored = await kube.find(kind, ref)
  const found = stored ? { stored } : {}
  if (verb === 'update') return send('PUT', await ask(guards, { ...write, ...found, object: decode(guarded.contentType, guarded.body) }))
  if (stored) await ask(guards, { ...write, stored })
  return send('DELETE')
}

/** Lets Kubernetes itself work the patch out (dry run), shows the outcome to the guards, and stores that. */
async function sendPatched (guarded: GuardedWrite, kind: Kind, ref: { name: string, namespace?: string }): Promise<KubeResponse> {
  const { kube, guards, write, headers, path, query, signal } = guarded
  for (let attempt = 0; attempt < attempts; attempt++) {
    const stored = await kube.find(kind, ref)
    const trial = await sendOn(kube.transport, { method: 'PATCH', path, query: withDryRun(query), headers: { ...headers, accept: 'application/json' }, body: guarded.body, signal })
    if (trial.status >= 300) return trial
    const outcome = object(parseJSON((await readAll(trial.body, 16 * 1024 * 1024)).toString('utf8')))
    const approved = await ask(guards, { ...write, object: outcome, ...(stored ? { stored } : {}) }) ?? outcome
    const collection = path.slice(0, path.lastIndexOf('/'))
    const [method, target, body] = stored
      ? ['PUT', path, { ...approved, metadata: { ...approved.metadata, resourceVersion: stored.metadata.resourceVersion } }] as const
      : ['POST', collection, { ...approved, metadata: { ...approved.metadata, resourceVersion: undefined, uid: undefined } }] as const
    const answer = await sendOn(kube.transport, { method, path: target, query, headers: { ...headers, 'content-type': 'application/json', 'content-length': undefined }, body: JSON.stringify(body), signal })
    if (answer.status !== 409) return answer
    answer.body.resume()
  }
  throw conflict(ref.namespace ? kind.resource : `${kind.resource}${kind.group ? `.${kind.group}` : ''}`, ref.name)
}

const withDryRun = (query: string): string => /(^|&)dryRun=/.test(query) ? query : query ? `${query}&dryRun=All` : 'dryRun=All'
