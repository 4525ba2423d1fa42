import { randomInt, randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { badRequest, conflict, invalid, notFound, StatusError, type KubeObject, type Metadata } from '../../core/sdk/index.js'
import { timestamp, type Context } from './context.js'
import { strictProblems, type Place } from './duplicates.js'
import type { User } from './auth/users.js'
import type { By, Draft, KindRow } from './kinds/types.js'
import { managedFields } from './managers.js'
import { forbiddenValue, invalidValue, validateMetadata } from './metadata.js'
import { definitionCauses, isDefinition, withDefinitionStatus } from './definitions.js'
import { apiVersion, kindName, refused, resourceName } from './status.js'
import { inVersion } from './versions.js'

export type FieldValidation = 'Strict' | 'Warn' | 'Ignore'

/** What of an object is written: the whole, or its status in one of two ways. */
export type Part = 'all' | 'status' | 'approval'

/** How a write was asked for, and what it has to tell its caller besides the object. */
export interface WriteOptions {
  readonly fieldValidation: FieldValidation
  readonly dryRun: boolean
  readonly warnings: string[]
  /** The fields of the body, where one of them stands there twice. */
  readonly problems: Place[]
  /** Who owns the fields that are written; '' where nobody is told. */
  readonly manager: string
  readonly user?: User
  readonly subresource?: string
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

/** A replacement says its name, which other writes may leave to the path. */
export function requireName ({ metadata }: Draft, name: string) {
  if (metadata.name === '') throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`)
}

export function fitName ({ metadata }: Draft, name: string) {
  if (metadata.name !== '' && metadata.name !== name) throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`)
  if (metadata.name === '') metadata.name = name
}

/** Drops what the schema does not know, as `fieldValidation` asks. Metadata is open in ours, so its unknown fields pass. */
function prune (row: KindRow, draft: Draft, { fieldValidation, warnings, problems }: WriteOptions) {
  const unknown = row.schema?.prune(draft) ?? []
  if (unknown.length + problems.length === 0 || fieldValidation === 'Ignore') return
  const texts = strictProblems(unknown, problems)
  if (texts.length === 0) return
  if (fieldValidation === 'Strict') throw badRequest(`${row.kind} in version "${row.version}" cannot be handled as a ${row.kind}: strict decoding error: ${texts.join(', ')}`)
  for (const text of texts) if (!warnings.includes(text)) warnings.push(text)
}

const fillDefaults = (row: KindRow, draft: Draft) => {
  row.schema?.default(draft)
  row.strategy.defaults?.(draft)
}

function check (row: KindRow, draft: Draft, stored?: KubeObject, subresource = '') {
  const causes = [...validateMetadata(row, draft), ...row.schema?.validate(draft, stored) ?? [], ...row.strategy.validate?.(draft, stored, subresource) ?? [], ...isDefinition(row) ? definitionCauses(draft) : []]
  if (causes.length) throw invalid(kindName(row), draft.metadata.name, causes)
}

/** Built-in kinds whose metadata.generation Kubernetes keeps. */
const counted = new Set([
  'core/pods', 'core/podtemplates', 'core/replicationcontrollers',
  'apps/daemonsets', 'apps/deployments', 'apps/replicasets', 'apps/statefulsets', 'batch/cronjobs', 'batch/jobs',
  'networking.k8s.io/ingressclasses', 'networking.k8s.io/ingresses', 'networking.k8s.io/networkpolicies', 'discovery.k8s.io/endpointslices',
  'policy/poddisruptionbudgets', 'scheduling.k8s.io/priorityclasses', 'apiextensions.k8s.io/customresourcedefinitions',
  'admissionregistration.k8s.io/mutatingwebhookconfigurations', 'admissionregistration.k8s.io/validatingwebhookconfigurations',
  'admissionregistration.k8s.io/validatingadmissionpolicies', 'admissionregistration.k8s.io/validatingadmissionpolicybindings',
])
const hasGeneration = ({ crd, bucket }: KindRow) => crd !== undefined || counted.has(bucket)

const stampOf = (row: KindRow, now: number, { name, generateName, namespace, generation, labels, annotations, finalizers, ownerReferences }: Metadata): Metadata => ({
  name,
  ...(generateName ? { generateName } : {}),
  ...(namespace ? { namespace } : {}),
  uid: randomUUID(),
  ...(hasGeneration(row) ? { generation: 1 } : generation ? { generation } : {}),
  creationTimestamp: timestamp(now),
  ...(labels ? { labels } : {}),
  ...(annotations ? { annotations } : {}),
  ...(ownerReferences ? { ownerReferences } : {}),
  ...(finalizers ? { finalizers } : {}),
})

/** Makes a draft a new object, ready to store; throws what its kind forbids. Its name is there already. */
export function admitCreate (context: Context, row: KindRow, draft: Draft, options: WriteOptions): KubeObject {
  const { resourceVersion } = draft.metadata
  for (const field of ['deletionTimestamp', 'deletionGracePeriodSeconds']) delete draft.metadata[field]
  prune(row, draft, options)
  if (row.subresources.status && !row.strategy.ownStatus) delete draft['status']
  fillDefaults(row, draft)
  const managed = managedFieldsOf(context, row, draft, undefined, draft.metadata['managedFields'], options)
  row.convert?.toStored(draft)
  draft.metadata = { ...stampOf(row, context.now(), draft.metadata), ...managed }
  row.strategy.prepareCreate?.(draft, by(context, options))
  check(row, draft)
  warn(row, draft, options)
  if (isDefinition(row)) withDefinitionStatus(draft, context.now())
  if (resourceVersion && !options.dryRun) throw unexpected('resourceVersion should not be set on objects to be created')
  return finish(row, draft)
}

const by = ({ now, storage }: Context, { user, subresource = '' }: WriteOptions): By =>
  ({ now: now(), subresource, find: (bucket, name) => storage.get(bucket, `${bucket}/${name}`)?.object, ...(user ? { user } : {}) })

/** Puts a draft into the form in which it is stored. */
function finish (row: KindRow, draft: Draft): Draft {
  const { complete } = row.convert ?? row.schema ?? {}
  complete?.(draft)
  draft.apiVersion = row.storageVersion
  return draft
}

/** As Kubernetes, where these are errors of the server with no reason. */
const unexpected = (message: string) => new StatusError({ code: 500, reason: '', message })

function warn (row: KindRow, draft: Draft, { warnings }: WriteOptions, stored?: KubeObject) {
  for (const text of row.strategy.warnings?.(draft, stored) ?? []) if (!warnings.includes(text)) warnings.push(text)
}

/** Reckoned before the kind prepares the object by itself, of which nobody is told. */
function managedFieldsOf (context: Context, row: KindRow, draft: Draft, stored: KubeObject | undefined, sent: unknown, options: WriteOptions): object {
  row.schema?.complete?.(draft)
  const fields = managedFields(context, row, draft, stored, sent, options)
  return fields === undefined || (Array.isArray(fields) && fields.length === 0) ? {} : { managedFields: fields }
}

/** What an update may not change of metadata comes from the stored object. */
function keepMetadata (draft: Draft, stored: KubeObject) {
  const { labels, annotations, finalizers, ownerReferences } = draft.metadata
  const { labels: _1, annotations: _2, finalizers: _3, ownerReferences: _4, managedFields: _5, ...fixed } = stored.metadata
  draft.metadata = {
    ...fixed,
    ...(labels ? { labels } : {}),
    ...(annotations ? { annotations } : {}),
    ...(ownerReferences ? { ownerReferences } : {}),
    ...(finalizers ? { finalizers } : {}),
  }
}

function checkFinalizers (row: KindRow, draft: Draft, stored: KubeObject) {
  if (!stored.metadata.deletionTimestamp) return
  const added = (draft.metadata.finalizers ?? []).filter(finalizer => !stored.metadata.finalizers?.includes(finalizer))
  if (added.length === 0) return
  throw invalid(kindName(row), draft.metadata.name, [forbiddenValue('metadata.finalizers', `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map(text => JSON.stringify(text)).join(', ')}}`)])
}

/** Where Kubernetes keeps a kind in its store, for kinds that are not under their own name. */
const registries: Readonly<Record<string, string>> = { services: 'services/specs', endpoints: 'services/endpoints', nodes: 'minions', ingresses: 'ingress', customresourcedefinitions: 'apiextensions.k8s.io/customresourcedefinitions', apiservices: 'apiregistration.k8s.io/apiservices' }

function registryKey (row: KindRow, { namespace, name }: Metadata): string {
  const folder = row.crd ? `${row.group}/${row.resource}` : registries[row.resource] ?? row.resource
  return `/registry/${folder}/${namespace ? `${namespace}/` : ''}${name}`
}

/** The draft must be based on the stored object. */
function checkBase (row: KindRow, { metadata }: Draft, { metadata: stored }: KubeObject) {
  if (metadata.uid && metadata.uid !== stored.uid) throw conflict(resourceName(row), stored.name, `StorageError: invalid object, Code: 4, Key: ${registryKey(row, stored)}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${stored.uid ?? ''}`)
  if (!metadata.resourceVersion && row.crd) throw invalid(resourceName(row), stored.name, [{ reason: 'FieldValueInvalid', message: 'Invalid value: 0: must be specified for an update', field: 'metadata.resourceVersion' }])
  if (metadata.resourceVersion && !/^\d+$/.test(metadata.resourceVersion)) throw unexpected(`strconv.ParseUint: parsing ${JSON.stringify(metadata.resourceVersion)}: invalid syntax`)
  if (metadata.resourceVersion && metadata.resourceVersion !== '0' && metadata.resourceVersion !== stored.resourceVersion) throw conflict(resourceName(row), stored.name)
}

const bodyOf = ({ metadata: _metadata, apiVersion: _apiVersion, ...body }: Draft) => body

function countGeneration (row: KindRow, draft: Draft, stored: KubeObject) {
  if (!hasGeneration(row)) return
  const { status: _1, ...now } = bodyOf(draft)
  const { status: _2, ...before } = bodyOf(stored as Draft)
  if (!isDeepStrictEqual(now, before)) draft.metadata.generation = (stored.metadata.generation ?? 0) + 1
}

/** Makes a draft the next state of a stored object; throws what its kind forbids. */
export function admitUpdate (context: Context, row: KindRow, draft: Draft, current: KubeObject, options: WriteOptions): KubeObject {
  const before = inVersion(row, current)
  checkBase(row, draft, current)
  prune(row, draft, options)
  const sent = draft.metadata['managedFields']
  keepMetadata(draft, before)
  if (row.subresources.status) keep(draft, before, 'status')
  fillDefaults(row, draft)
  Object.assign(draft.metadata, managedFieldsOf(context, row, draft, before, sent, options))
  row.convert?.toStored(draft)
  row.strategy.prepareUpdate?.(draft, current, by(context, options))
  check(row, draft, current)
  warn(row, draft, options, current)
  checkFinalizers(row, draft, current)
  countGeneration(row, draft, current)
  if (isDefinition(row)) withDefinitionStatus(draft, context.now())
  return finish(row, draft)
}

function keep (draft: Draft, stored: KubeObject, field: string) {
  const value = (stored as Draft)[field]
  if (value === undefined) delete draft[field]
  else draft[field] = structuredClone(value)
}

/** As admitUpdate for the status subresource: nothing but status changes. */
export function admitStatus (context: Context, row: KindRow, draft: Draft, current: KubeObject, options: WriteOptions): KubeObject {
  const before = inVersion(row, current)
  checkBase(row, draft, current)
  prune(row, draft, options)
  const status = draft['status']
  const { status: _old, ...rest } = structuredClone(before) as Draft
  const { managedFields: _fields, ...metadata } = rest.metadata
  const next = { ...rest, metadata, apiVersion: apiVersion(row), ...(status === undefined || status === null ? {} : { status }) } as Draft
  fillDefaults(row, next)
  Object.assign(next.metadata, managedFieldsOf(context, row, next, before, options.manager ? undefined : draft.metadata['managedFields'], options))
  row.convert?.toStored(next)
  row.strategy.prepareStatus?.(next, current, by(context, options))
  check(row, next, current, options.subresource)
  return finish(row, next)
}

export { invalidValue }
