import { badRequest, invalid, isRecord, unsupportedMediaType, type KubeObject } from '../../../core/sdk/index.js'
import { mediaType, parseBody } from '../body.js'
import { fitName, fitNamespace, type Part } from '../admission.js'
import { applyObject as owned } from '../apply/index.js'
import type { Context } from '../context.js'
import { flag, header, type Answer, type Exchange } from '../exchange.js'
import type { Draft, KindRow } from '../kinds/types.js'
import { byOf, schemaOf } from '../managers.js'
import { asDraft, invalidValue } from '../metadata.js'
import { applyPatch } from '../patch/index.js'
import { objectAnswer, viewOf } from '../render.js'
import type { ResourceRoute } from '../route.js'
import { apiVersion, invalidOptions, kindName } from '../status.js'
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
  unmoved(row, stored, asDraft(row, applyPatch(type === 'apply' ? 'merge' : type, stored, value, row.openapi)))

function unmoved (row: KindRow, stored: Draft, next: Draft): Draft {
  sameUid(row, stored, next)
  return next
}

export async function patch (context: Context, route: ResourceRoute, exchange: Exchange, part: Part = 'all'): Promise<Answer> {
  const { row } = route
  const view = viewOf(exchange)
  const options = writeOptions(exchange, 'PatchOptions')
  const change = await patchOf(row, exchange)
  if (change.type === 'apply') return apply(context, route, exchange, change.value, part)
  if (exchange.query.has('force')) throw invalidOptions('PatchOptions', 'force', 'FieldValueForbidden', 'Forbidden: may not be specified for non-apply patch')
  const entry = await changeObject(context, route, stored => patched(row, stored, change), options, part).catch((error: unknown) => { throw ofPatch(row, error) })
  return objectAnswer(200, row, entry, view, options.warnings)
}

/** What a patch makes of an object must be one of its kind: here 422, where a whole body would be 400. */
function ofPatch (row: KindRow, error: unknown): unknown {
  const { code, message = '' } = error as { code?: number, message?: string }
  const prefix = `${row.kind} in version ${JSON.stringify(row.version)} cannot be handled as a ${row.kind}: `
  return code === 400 && message.startsWith(prefix) ? invalid('', '', [{ reason: 'FieldValueInvalid', message: `Invalid value: ${message.slice(prefix.length)}`, field: 'patch' }]) : error
}

/** No patch makes an object another one. */
function sameUid (row: KindRow, { metadata: { name, uid } }: KubeObject, { metadata }: KubeObject): void {
  if (metadata.uid && metadata.uid !== uid) throw invalid(kindName(row), name, [invalidValue('metadata.uid', metadata.uid, 'field is immutable')])
}

/** Applied is only what the schema knows: else nobody would be told that a field has no effect. */
function declared (row: KindRow, applied: Draft): void {
  const [unknown] = row.schema?.prune(structuredClone(applied)) ?? []
  const { name, namespace = '' } = applied.metadata
  const version = row.group ? apiVersion(row) : `/${row.version}`
  if (unknown !== undefined) throw badRequest(`failed to create typed patch object (${namespace}/${name}; ${version}, Kind=${row.kind}): .${unknown}: field not declared in schema`)
}

/** Server-side apply: creates what is absent, and refuses what others own. */
async function apply (context: Context, route: ResourceRoute, exchange: Exchange, value: unknown, part: Part): Promise<Answer> {
  const { row, name, namespace } = route
  const view = viewOf(exchange)
  const options = { ...writeOptions(exchange, 'PatchOptions'), manager: '' }
  const manager = exchange.query.get('fieldManager') ?? ''
  if (!manager) throw invalidOptions('PatchOptions', 'fieldManager', 'FieldValueRequired', 'Required value: is required for apply patch')
  if (!isRecord(value) || value['kind'] === undefined || value['apiVersion'] === undefined) throw badRequest(`the object provided is unrecognized (must be of type ${row.kind}): couldn't get version/kind`)
  const applied = asDraft(row, value)
  fitName(applied, name)
  fitNamespace(row, applied, namespace)
  declared(row, applied)
  const by = { ...byOf(context, row, manager, part === 'all' ? undefined : part), force: flag(exchange.query, 'force') }
  const { entry, created } = await applyObject(context, route, stored => {
    if (stored) sameUid(row, stored, applied)
    const next = owned(schemaOf(row), stored, applied, by) as Draft
    next.metadata['managedFields'] ??= []
    return next
  }, options, part)
  return objectAnswer(created ? 201 : 200, row, entry, view, options.warnings)
}
