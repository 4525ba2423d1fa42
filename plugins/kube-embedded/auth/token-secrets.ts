import type { KubeObject } from '../../../core/sdk/index.js'
import type { Secret } from '../../../schemas/kube/builtin.js'
import { keyOf, prefixOf, type Context } from '../context.js'
import type { Listener } from '../controllers/changes.js'
import { Queue } from '../controllers/queue.js'
import type { Draft, KindRow } from '../kinds/types.js'
import { adjustObject, removeObject, type Place } from '../writes.js'
import type { Tokens } from './tokens.js'

const secretType = 'kubernetes.io/service-account-token'
const nameAnnotation = 'kubernetes.io/service-account.name'
const uidAnnotation = 'kubernetes.io/service-account.uid'

const isCore = (row: KindRow, resource: string): boolean => row.group === '' && row.resource === resource
const isToken = (object: unknown): object is Secret => (object as Secret).type === secretType
const base64 = (text: string): string => Buffer.from(text).toString('base64')

/** Fills Secrets of type service-account-token, and removes those whose ServiceAccount is not there. */
export function tokenSecretController (context: Context, certificate: string): { listener: Listener, queue: Queue } {
  const queue = new Queue('token-secrets', key => keep(context, certificate, key), context.log)
  const ofNamespace = (namespace: string) => {
    const row = context.rows.find('', 'v1', 'secrets')
    if (!row) return
    for (const { object } of context.storage.snapshot(row.bucket).range(prefixOf(row, namespace))) if (isToken(object)) queue.add(`${namespace}/${object.metadata.name}`)
  }
  const seen = (object: Secret) => { queue.add(`${object.metadata.namespace ?? ''}/${object.metadata.name}`) }
  const listener: Listener = {
    found: (row, { object }) => { if (isCore(row, 'secrets') && isToken(object)) seen(object) },
    changed: (row, { type, entry: { object }, previous }) => {
      if (isCore(row, 'secrets') && type === 'put' && isToken(object)) seen(object)
      else if (isCore(row, 'serviceaccounts') && (type === 'remove' || previous?.object.metadata.uid !== object.metadata.uid)) ofNamespace(object.metadata.namespace ?? '')
    },
  }
  return { listener, queue }
}

async function keep (context: Context, certificate: string, key: string): Promise<void> {
  const { storage, rows, auth: { tokens } } = context
  const [namespace = '', name = ''] = key.split('/')
  const row = rows.find('', 'v1', 'secrets')
  const secret = row && storage.get(row.bucket, keyOf(row, namespace, name))?.object
  if (!row || !secret || !isToken(secret) || secret.metadata.deletionTimestamp) return
  const { annotations = {} } = secret.metadata
  const account = tokens.find('serviceaccounts', namespace, annotations[nameAnnotation] ?? '')
  const place: Place = { row, namespace, name }
  if (!account || (annotations[uidAnnotation] && annotations[uidAnnotation] !== account.metadata.uid)) return drop(context, place, secret.metadata.uid)
  await adjustObject(context, place, draft => draft.metadata.uid === secret.metadata.uid ? filled(draft, account, certificate, tokens) : undefined)
}

function filled (draft: Draft, account: KubeObject, certificate: string, tokens: Tokens): Draft {
  const data = (draft['data'] ?? {}) as Record<string, string>
  const { name, namespace = '', annotations } = draft.metadata
  draft['data'] = { ...data, 'ca.crt': base64(certificate), namespace: base64(namespace), token: data['token'] || base64(tokens.issueLegacy(account, name)) }
  draft.metadata.annotations = { ...annotations, [uidAnnotation]: account.metadata.uid ?? '' }
  return draft
}

async function drop (context: Context, place: Place, uid: string | undefined): Promise<void> {
  await removeObject(context, place, { propagationPolicy: 'Background', preconditions: uid ? { uid } : {} }).catch((error: { code?: number }) => {
    if (error.code !== 404 && error.code !== 409) throw error
  })
}
