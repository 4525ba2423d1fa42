import { badRequest, unsupportedMediaType, type KubeObject } from '../../../core/sdk/index.js'
import { isRecord, mediaType, parseBody } from '../body.js'
import { timestamp, type Context } from '../context.js'
import { header, type Answer, type Exchange } from '../exchange.js'
import type { Draft, KindRow } from '../kinds/types.js'
import { asDraft } from '../metadata.js'
import { applyPatch } from '../patch/index.js'
import { objectAnswer, viewOf } from '../render.js'
import type { ResourceRoute } from '../route.js'
import { apiVersion, invalidOptions } from '../status.js'
import { applyObject, changeObject } from '../writes.js'
import { writeOptions } from './options.js'

const types = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
} as const
type PatchName = typeof types[keyof typeof types]

function typeOf (row: KindRow, exchange: Exchange): PatchName {
  const media = mediaType(header(exchange, 'content-type'))
  const accepted = Object.keys(types).filter(name => !row.crd || types[name as keyof typeof types] !== 'strategic')
  if (!accepted.includes(media)) throw unsupportedMediaType(`the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`)
  return types[media as keyof typeof types]
}

/** A parsed patch: its type and its value. */
export interface Patch { readonly type: PatchName, readonly value: unknown }

export async function patchOf (row: KindRow, exchange: Exchange): Promise<Patch> {
  const type = typeOf(row, exchange)
  const value = parseBody(await exchange.body(), type === 'apply' ? 'application/yaml' : 'application/json', row.kind)
  return { type, value }
}

/** The stored object with a patch in it. */
export const patched = (row: KindRow, stored: Draft, { type, value }: Patch): Draft =>
  asDraft(row, applyPatch(type === 'apply' ? row.crd ? 'merge' : 'strategic' : type, stored, value, row.openapi))

export async function patch (context: Context, route: ResourceRoute, exchange: Exchange, part: 'all' | 'status' = 'all'): Promise<Answer> {
  const { row } = route
  const view = viewOf(exchange)
  const options = writeOptions(exchange, 'PatchOptions')
  const change = await patchOf(row, exchange)
  if (change.type === 'apply' && part === 'all') return apply(context, route, exchange, change.value)
  const entry = await changeObject(context, route, stored => patched(row, stored, change), options, part)
  return objectAnswer(200, row, entry, view, options.warnings)
}

/** Server-side apply without ownership of fields: a merge that creates what is absent and records the manager. */
async function apply (context: Context, route: ResourceRoute, exchange: Exchange, value: unknown): Promise<Answer> {
  const { row, name } = route
  const view = viewOf(exchange)
  const options = writeOptions(exchange, 'PatchOptions')
  const manager = exchange.query.get('fieldManager') ?? ''
  if (!manager) throw invalidOptions('PatchOptions', 'fieldManager', 'FieldValueRequired', 'Required value: is required for apply patch')
  if (!isRecord(value)) throw badRequest(`the object provided is unrecognized (must be of type ${row.kind}): couldn't get version/kind`)
  const applied = asDraft(row, value)
  if (applied.metadata['managedFields']) throw badRequest('metadata.managedFields must be nil')
  if (applied.metadata.name === '') applied.metadata.name = name
  const { entry, created } = await applyObject(context, route, stored => {
    const next = stored ? patched(row, stored, { type: 'apply', value: structuredClone(applied) }) : structuredClone(applied)
    return recorded(next, applied, stored, { manager, apiVersion: apiVersion(row), time: timestamp(context.now()) })
  }, options)
  return objectAnswer(created ? 201 : 200, row, entry, view, options.warnings)
}

interface ManagedFields { manager?: string, operation?: string, apiVersion?: string, time?: string, fieldsType?: string, fieldsV1?: unknown, subresource?: string }

/** `{"f:spec": {"f:replicas": {}}}` */
const fieldsOf = (value: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).map(([key, item]) => [`f:${key}`, isRecord(item) ? fieldsOf(item) : {}]))

function recorded (next: Draft, applied: Draft, stored: KubeObject | undefined, { manager, apiVersion, time }: { manager: string, apiVersion: string, time: string }): Draft {
  const { apiVersion: _1, kind: _2, metadata: { name: _3, namespace: _4, ...metadata }, ...rest } = applied
  const fieldsV1 = fieldsOf(Object.keys(metadata).length ? { metadata, ...rest } : rest)
  const before = (stored?.metadata['managedFields'] ?? []) as ManagedFields[]
  const isOurs = (fields: ManagedFields) => fields.manager === manager && fields.operation === 'Apply' && !fields.subresource
  const old = before.find(isOurs)
  const same = old !== undefined && old.apiVersion === apiVersion && JSON.stringify(old.fieldsV1) === JSON.stringify(fieldsV1)
  const entry: ManagedFields = same ? old : { manager, operation: 'Apply', apiVersion, time, fieldsType: 'FieldsV1', fieldsV1 }
  next.metadata['managedFields'] = [...before.filter(fields => !isOurs(fields)), entry]
  return next
}
