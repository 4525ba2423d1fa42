import { randomInt, randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { badRequest, conflict, invalid, notFound, type KubeObject, type Metadata } from '../../core/sdk/index.js'
import { timestamp, type Context } from './context.js'
import type { Draft, KindRow } from './kinds/types.js'
import { forbiddenValue, invalidValue, validateMetadata } from './metadata.js'
import { definitionCauses, isDefinition, withDefinitionStatus } from './definitions.js'
import { apiVersion, kindName, refused, resourceName } from './status.js'

export type FieldValidation = 'Strict' | 'Warn' | 'Ignore'

/** How a write was asked for, and what it has to tell its caller besides the object. */
export interface WriteOptions {
  readonly fieldValidation: FieldValidation
  readonly dryRun: boolean
  readonly warnings: string[]
}

const alphabet = 'bcdfghjklmnpqrstvwxz2456789'
/** `generateName` with five characters of Kubernetes' alphabet. */
export const generatedName = (prefix: string) => prefix.slice(0, 58) + Array.from({ length: 5 }, () => alphabet[randomInt(alphabet.length)]).join('')

const immortal = new Set(['default', 'kube-system', 'kube-public'])
export const isNamespaces = ({ group, resource }: KindRow) => group === '' && resource === 'namespaces'
export const isImmortal = (row: KindRow, name: string) => isNamespaces(row) && immortal.has(name)

/** A namespaced object needs a namespace that is there and not on its end. */
export function requireNamespace ({ storage, rows, terminating }: Context, row: KindRow, namespace: string, name: string) {
  if (!row.namespaced) return
  const namespaces = rows.find('', 'v1', 'namespaces')
  if (!namespaces) return
  const found = storage.get(namespaces.bucket, `${namespaces.bucket}/${namespace}`)
  if (!found) throw notFound('namespaces', namespace)
  if (!terminating.has(namespace) && !found.object.metadata.deletionTimestamp) return
  throw refused(row, name, `unable to create new content in namespace ${namespace} because it is being terminated`,
    [{ reason: 'NamespaceTerminating', message: `namespace ${namespace} is being terminated`, field: 'metadata.namespace' }])
}

/** The namespace of a body must be the one of the path. */
export function fitNamespace (row: KindRow, { metadata }: Draft, namespace: string) {
  if (!row.namespaced) delete metadata.namespace
  else if (!metadata.namespace) metadata.namespace = namespace
  else if (metadata.namespace !== namespace) throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
}

export function fitName ({ metadata }: Draft, name: string) {
  if (metadata.name !== '' && metadata.name !== name) throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`)
  if (metadata.name === '') metadata.name = name
}

/** Drops what the schema does not know, as `fieldValidation` asks. Metadata is open in ours, so its unknown fields pass. */
function prune (row: KindRow, draft: Draft, { fieldValidation, warnings }: WriteOptions) {
  const unknown = row.schema?.prune(draft) ?? []
  if (unknown.length === 0 || fieldValidation === 'Ignore') return
  const texts = unknown.map(field => `unknown field "${field}"`)
  if (fieldValidation === 'Strict') throw badRequest(`${row.kind} in version "${row.version}" cannot be handled as a ${row.kind}: strict decoding error: ${texts.join(', ')}`)
  for (const text of texts) if (!warnings.includes(text)) warnings.push(text)
}

const fillDefaults = (row: KindRow, draft: Draft) => {
  row.schema?.default(draft)
  row.strategy.defaults?.(draft)
}

function check (row: KindRow, draft: Draft, stored?: KubeObject) {
  const causes = [...validateMetadata(row, draft), ...row.schema?.validate(draft) ?? [], ...row.strategy.validate?.(draft, stored) ?? [], ...isDefinition(row) ? definitionCauses(draft) : []]
  const distinct = causes.filter((cause, i) => causes.findIndex(({ field, message }) => field === cause.field && message === cause.message) === i)
  if (distinct.length) throw invalid(kindName(row), draft.metadata.name, distinct)
}

/** Built-in kinds whose metadata.generation Kubernetes keeps. */
const counted = new Set(['apps', 'batch', 'networking.k8s.io', 'policy', 'apiextensions.k8s.io', 'admissionregistration.k8s.io', 'flowcontrol.apiserver.k8s.io', 'extensions'])
const hasGeneration = ({ crd, group, resource, subresources }: KindRow) => crd !== undefined || counted.has(group) || (resource === 'pods' && group === '' && subresources.status === true)

const stampOf = (row: KindRow, now: number, { name, generateName, namespace, labels, annotations, finalizers, ownerReferences, managedFields }: Metadata): Metadata => ({
  name,
  ...(generateName ? { generateName } : {}),
  ...(namespace ? { namespace } : {}),
  uid: randomUUID(),
  ...(hasGeneration(row) ? { generation: 1 } : {}),
  creationTimestamp: timestamp(now),
  ...(labels ? { labels } : {}),
  ...(annotations ? { annotations } : {}),
  ...(ownerReferences ? { ownerReferences } : {}),
  ...(finalizers ? { finalizers } : {}),
  ...(managedFields ? { managedFields } : {}),
})

/** Makes a draft a new object, ready to store; throws what its kind forbids. Its name is there already. */
export function admitCreate (context: Context, row: KindRow, draft: Draft, options: WriteOptions): KubeObject {
  if (draft.metadata.resourceVersion) throw badRequest('resourceVersion should not be set on objects to be created')
  prune(row, draft, options)
  if (row.subresources.status) delete draft['status']
  fillDefaults(row, draft)
  row.strategy.prepareCreate?.(draft)
  draft.metadata = stampOf(row, context.now(), draft.metadata)
  if (isNamespaces(row)) prepareNamespace(draft)
  check(row, draft)
  if (isDefinition(row)) withDefinitionStatus(draft, context.now())
  draft.apiVersion = row.storageVersion
  return draft
}

function prepareNamespace (draft: Draft) {
  const { metadata } = draft
  draft['spec'] = { finalizers: ['kubernetes'] }
  draft['status'] = { phase: 'Active' }
  metadata.labels = { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name }
}

/** What an update may not change of metadata comes from the stored object. */
function keepMetadata (draft: Draft, stored: KubeObject) {
  const { labels, annotations, finalizers, ownerReferences, managedFields } = draft.metadata
  const { labels: _1, annotations: _2, finalizers: _3, ownerReferences: _4, managedFields: kept, ...fixed } = stored.metadata
  const fields = managedFields ?? kept
  draft.metadata = {
    ...fixed,
    ...(labels ? { labels } : {}),
    ...(annotations ? { annotations } : {}),
    ...(ownerReferences ? { ownerReferences } : {}),
    ...(finalizers ? { finalizers } : {}),
    ...(fields ? { managedFields: fields } : {}),
  }
}

function checkFinalizers (row: KindRow, draft: Draft, stored: KubeObject) {
  if (!stored.metadata.deletionTimestamp) return
  const added = (draft.metadata.finalizers ?? []).filter(finalizer => !stored.metadata.finalizers?.includes(finalizer))
  if (added.length === 0) return
  throw invalid(kindName(row), draft.metadata.name, [forbiddenValue('metadata.finalizers', `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map(text => JSON.stringify(text)).join(', ')}}`)])
}

/** The draft must be based on the stored object. */
function checkBase (row: KindRow, { metadata }: Draft, { metadata: stored }: KubeObject) {
  if (metadata.uid && metadata.uid !== stored.uid) throw conflict(resourceName(row), stored.name, `Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${stored.uid ?? ''}`)
  if (!metadata.resourceVersion && row.crd) throw invalid(kindName(row), stored.name, [{ reason: 'FieldValueInvalid', message: 'Invalid value: 0x0: must be specified for an update', field: 'metadata.resourceVersion' }])
  if (metadata.resourceVersion && metadata.resourceVersion !== '0' && metadata.resourceVersion !== stored.resourceVersion) throw conflict(resourceName(row), stored.name)
}

const bodyOf = ({ metadata: _metadata, apiVersion: _apiVersion, ...body }: Draft) => body

function countGeneration (row: KindRow, draft: Draft, stored: KubeObject) {
  const { status: _1, ...now } = bodyOf(draft)
  const { status: _2, ...before } = bodyOf(stored as Draft)
  const changed = !isDeepStrictEqual(now, before)
  if (changed && hasGeneration(row)) draft.metadata.generation = (stored.metadata.generation ?? 0) + 1
}

/** Makes a draft the next state of a stored object; throws what its kind forbids. */
export function admitUpdate (context: Context, row: KindRow, draft: Draft, stored: KubeObject, options: WriteOptions): KubeObject {
  checkBase(row, draft, stored)
  prune(row, draft, options)
  keepMetadata(draft, stored)
  if (row.subresources.status) keep(draft, stored, 'status')
  if (isNamespaces(row)) keepNamespace(draft, stored)
  fillDefaults(row, draft)
  row.strategy.prepareUpdate?.(draft, stored)
  check(row, draft, stored)
  checkFinalizers(row, draft, stored)
  countGeneration(row, draft, stored)
  if (isDefinition(row)) withDefinitionStatus(draft, context.now())
  draft.apiVersion = row.storageVersion
  return draft
}

function keep (draft: Draft, stored: KubeObject, field: string) {
  const value = (stored as Draft)[field]
  if (value === undefined) delete draft[field]
  else draft[field] = structuredClone(value)
}

function keepNamespace (draft: Draft, stored: KubeObject) {
  keep(draft, stored, 'spec')
  draft.metadata.labels = { ...draft.metadata.labels, 'kubernetes.io/metadata.name': stored.metadata.name }
}

/** As admitUpdate for the status subresource: nothing but status changes. */
export function admitStatus (context: Context, row: KindRow, draft: Draft, stored: KubeObject, options: WriteOptions): KubeObject {
  checkBase(row, draft, stored)
  prune(row, draft, options)
  const status = draft['status']
  const { status: _old, ...rest } = structuredClone(stored) as Draft
  const next = { ...rest, apiVersion: apiVersion(row), ...(status === undefined || status === null ? {} : { status }) } as Draft
  fillDefaults(row, next)
  check(row, next, stored)
  next.apiVersion = row.storageVersion
  return next
}

export { invalidValue }
