import { badRequest, type KubeObject } from '../../core/sdk/index.js'
import { negotiate, type Form } from './accept.js'
import { header, warningHeaders, type Answer, type Exchange } from './exchange.js'
import type { KindRow } from './kinds/types.js'
import { apiVersion } from './status.js'
import type { Entry } from './storage/types.js'
import { toTable, type Table } from './table/index.js'
import { inVersion } from './versions.js'

const converted = new WeakMap<Entry, Map<string, Buffer>>()

/** The bytes of an object in the version of a row; the stored ones where the versions agree. */
export function bytesIn (row: KindRow, entry: Entry): Buffer {
  const version = apiVersion(row)
  // Where the entry itself can tell its version, its object need not be read.
  if ((entry.apiVersion ?? entry.object.apiVersion) === version) return entry.json
  const kept = converted.get(entry) ?? new Map<string, Buffer>()
  let bytes = kept.get(version)
  if (!bytes) kept.set(version, bytes = Buffer.from(JSON.stringify(inVersion(row, entry.object))))
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
  if (form.as === 'metadata') return Buffer.from(JSON.stringify(metadataOf(form.apiVersion, inVersion(row, entry.object))))
  const { resourceVersion } = entry.object.metadata
  return Buffer.from(JSON.stringify(tableOf(row, [entry], resourceVersion ? { resourceVersion } : {}, form.apiVersion, includeObject)))
}

/** Cells are read off the stored form; what a row carries is in the version that is asked for. */
const tableOf = (row: KindRow, entries: readonly Entry[], metadata: object, apiVersion: string, includeObject: IncludeObject): Table =>
  toTable(row, entries.map(({ object }) => object), { includeObject, metadata, apiVersion, carried: object => inVersion(row, object) })

const comma = Buffer.from(',')
const brace = Buffer.from('{')

/** An item of a list: of built-in kinds the list alone tells kind and version. */
function itemParts (row: KindRow, entry: Entry): Buffer[] {
  const bytes = bytesIn(row, entry)
  const prefix = `{"kind":"${row.kind}","apiVersion":"${apiVersion(row)}",`
  return row.crd === undefined && bytes.toString('latin1', 0, prefix.length) === prefix ? [brace, bytes.subarray(prefix.length)] : [bytes]
}

/** A list as parts of one body; plain lists are joined from kept bytes. */
export function renderList (row: KindRow, entries: readonly Entry[], metadata: ListMetadata, { form, includeObject }: View): Buffer[] {
  if (form.as === 'table') return [Buffer.from(JSON.stringify(tableOf(row, entries, metadata, form.apiVersion, includeObject)))]
  const partial = form.as === 'metadata'
  const [kind, version] = partial ? ['PartialObjectMetadataList', form.apiVersion] : [row.listKind, apiVersion(row)]
  const parts: Buffer[] = [Buffer.from(`{"kind":${JSON.stringify(kind)},"apiVersion":${JSON.stringify(version)},"metadata":${JSON.stringify(row.crd !== undefined && !partial ? { continue: '', ...metadata } : metadata)},"items":[`)]
  entries.forEach((entry, i) => {
    if (i > 0) parts.push(comma)
    if (partial) parts.push(render(row, entry, { form, includeObject })); else parts.push(...itemParts(row, entry))
  })
  parts.push(Buffer.from(']}'))
  return parts
}

const newline = Buffer.from('\n')

export const bytesAnswer = (status: number, body: readonly Buffer[], headers: Answer['headers'] = {}): Answer =>
  ({ status, headers: { 'content-type': 'application/json', 'cache-control': 'no-cache, private', ...headers }, body: [...body, newline] })

export const objectAnswer = (status: number, row: KindRow, entry: Entry, view: View, warnings: readonly string[] = []): Answer =>
  bytesAnswer(status, [render(row, entry, view)], warningHeaders(warnings))
