import { badRequest, type KubeObject } from '../../core/sdk/index.js'
import { negotiate, type Form } from './accept.js'
import { header, warningHeaders, type Answer, type Exchange } from './exchange.js'
import type { KindRow } from './kinds/types.js'
import { apiVersion } from './status.js'
import type { Entry } from './storage/types.js'
import { toTable } from './table/index.js'

/** A stored object in the version of a row: versions of a kind differ by nothing else (`conversion.strategy: None`). */
export const objectIn = (row: KindRow, { object }: Entry): KubeObject =>
  object.apiVersion === apiVersion(row) ? object : { ...object, apiVersion: apiVersion(row) }

const converted = new WeakMap<Entry, Map<string, Buffer>>()

/** The bytes of objectIn; the stored ones where the versions agree. */
export function bytesIn (row: KindRow, entry: Entry): Buffer {
  const version = apiVersion(row)
  if (entry.object.apiVersion === version) return entry.json
  const kept = converted.get(entry) ?? new Map<string, Buffer>()
  let bytes = kept.get(version)
  if (!bytes) kept.set(version, bytes = Buffer.from(JSON.stringify(objectIn(row, entry))))
  converted.set(entry, kept)
  return bytes
}

export interface ListMetadata { resourceVersion: string, continue?: string, remainingItemCount?: number }
export type IncludeObject = 'None' | 'Metadata' | 'Object'

/** How a client wants to see objects: the form of its Accept, and what a table's rows carry. */
export interface View { readonly form: Form, readonly includeObject: IncludeObject }

export function viewOf (exchange: Exchange): View {
  const includeObject = exchange.query.get('includeObject') || 'Metadata'
  if (includeObject !== 'None' && includeObject !== 'Metadata' && includeObject !== 'Object') throw badRequest(`Unsupported includeObject value: ${includeObject}`)
  return { form: negotiate(header(exchange, 'accept')), includeObject }
}

const metadataOf = (apiVersion: string, { metadata }: KubeObject) => ({ kind: 'PartialObjectMetadata', apiVersion, metadata })

/** One object as bytes. */
export function render (row: KindRow, entry: Entry, { form, includeObject }: View): Buffer {
  if (form.as === 'object') return bytesIn(row, entry)
  const object = objectIn(row, entry)
  if (form.as === 'metadata') return Buffer.from(JSON.stringify(metadataOf(form.apiVersion, object)))
  const metadata = object.metadata.resourceVersion ? { resourceVersion: object.metadata.resourceVersion } : {}
  return Buffer.from(JSON.stringify(toTable(row, [object], { includeObject, metadata, apiVersion: form.apiVersion })))
}

const comma = Buffer.from(',')

/** A list as parts of one body; plain lists are joined from kept bytes. */
export function renderList (row: KindRow, entries: readonly Entry[], metadata: ListMetadata, { form, includeObject }: View): Buffer[] {
  if (form.as === 'table') return [Buffer.from(JSON.stringify(toTable(row, entries.map(entry => objectIn(row, entry)), { includeObject, metadata, apiVersion: form.apiVersion })))]
  const partial = form.as === 'metadata'
  const [kind, version] = partial ? ['PartialObjectMetadataList', form.apiVersion] : [row.listKind, apiVersion(row)]
  const parts: Buffer[] = [Buffer.from(`{"kind":${JSON.stringify(kind)},"apiVersion":${JSON.stringify(version)},"metadata":${JSON.stringify(metadata)},"items":[`)]
  entries.forEach((entry, i) => {
    if (i > 0) parts.push(comma)
    parts.push(render(row, entry, { form, includeObject }))
  })
  parts.push(Buffer.from(']}'))
  return parts
}

export const bytesAnswer = (status: number, body: readonly Buffer[], headers: Answer['headers'] = {}): Answer =>
  ({ status, headers: { 'content-type': 'application/json', 'cache-control': 'no-cache, private', ...headers }, body })

export const objectAnswer = (status: number, row: KindRow, entry: Entry, view: View, warnings: readonly string[] = []): Answer =>
  bytesAnswer(status, [render(row, entry, view)], warningHeaders(warnings))
