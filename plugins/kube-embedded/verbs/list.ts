import { badRequest, tooLarge } from '../../../core/sdk/index.js'
import type { Position } from '../continue.js'
import { keyOf, prefixOf, type Context } from '../context.js'
import type { Answer, Exchange } from '../exchange.js'
import { bytesAnswer, renderList, viewOf, type ListMetadata } from '../render.js'
import type { ResourceRoute } from '../route.js'
import { selectionOf, type Selection } from '../selection.js'
import { invalidOptions, tooLargeRevision } from '../status.js'
import { pastOf } from '../storage/past.js'
import type { Entry, Snapshot } from '../storage/types.js'
import { revisionOf } from './get.js'

export function limitOf (query: URLSearchParams): number {
  const text = query.get('limit') ?? ''
  if (text === '') return 0
  if (!/^-?\d{1,15}$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text.slice(0, 64))}: invalid syntax`)
  return Math.max(0, Number(text))
}

function snapshotAt ({ storage, snapshots }: Context, bucket: string, query: URLSearchParams): Snapshot {
  const match = query.get('resourceVersionMatch') ?? ''
  const asked = revisionOf(query.get('resourceVersion'))
  if (match && asked === undefined) throw invalidOptions('ListOptions', 'resourceVersionMatch', 'FieldValueForbidden', 'Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided')
  if (match && match !== 'Exact' && match !== 'NotOlderThan') throw invalidOptions('ListOptions', 'resourceVersionMatch', 'FieldValueNotSupported', `Unsupported value: ${JSON.stringify(match)}: supported values: "Exact", "NotOlderThan", ""`)
  if (match === 'Exact' && asked === 0) throw invalidOptions('ListOptions', 'resourceVersionMatch', 'FieldValueForbidden', 'Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"')
  const newest = storage.snapshot(bucket)
  if (asked === undefined || asked === 0) return newest
  if (asked > storage.revision) throw tooLargeRevision(asked, storage.revision)
  if (match !== 'Exact' || asked === newest.revision) return newest
  return snapshots.at(bucket, asked) ?? pastOf(storage, newest, bucket, asked)
}

function start (context: Context, { row, namespace }: ResourceRoute, query: URLSearchParams, scope: string): Position {
  const token = query.get('continue') ?? ''
  if (!token) return { snapshot: snapshotAt(context, row.bucket, query), after: '', seen: 0 }
  if ((revisionOf(query.get('resourceVersion')) ?? 0) > 0) throw badRequest('specifying resource version is not allowed when using continue')
  if (query.get('resourceVersionMatch')) throw invalidOptions('ListOptions', 'resourceVersionMatch', 'FieldValueForbidden', 'Forbidden: resourceVersionMatch is forbidden for continue')
  return context.snapshots.resume(row.bucket, token, scope, () => context.storage.snapshot(row.bucket))
}

/** What one answer may weigh, in bytes of JSON. */
const mostBytes = 256 * 1024 * 1024

/** Entries of one page; `more` where others follow. `limit` 0 is all. */
function pageOf ({ row, namespace }: ResourceRoute, { snapshot, after }: Position, { matches, name }: Selection, limit: number): { entries: Entry[], more: boolean } {
  if (name !== undefined && (namespace || !row.namespaced)) {
    const entry = snapshot.get(keyOf(row, namespace, name))
    return { entries: entry && matches?.(entry.object) ? [entry] : [], more: false }
  }
  const entries: Entry[] = []
  let bytes = 0
  for (const entry of snapshot.range(prefixOf(row, namespace), after || undefined)) {
    if (matches && !matches(entry.object)) continue
    if (limit > 0 && entries.length === limit) return { entries, more: true }
    entries.push(entry)
    if ((bytes += entry.size) > mostBytes) throw tooLarge('the list is too large: ask for it in pages, with limit')
  }
  return { entries, more: false }
}

/** The entries that a list is about, with what its metadata says. */
export function select (context: Context, route: ResourceRoute, query: URLSearchParams): { entries: Entry[], metadata: ListMetadata } {
  const { row, namespace } = route
  const selection = selectionOf(row, query)
  const scope = [row.bucket, namespace, selection.text].join('\0')
  const position = start(context, route, query, scope)
  const { entries, more } = pageOf(route, position, selection, limitOf(query))
  const metadata: ListMetadata = { resourceVersion: String(position.snapshot.revision) }
  if (more) {
    const seen = position.seen + entries.length
    metadata.continue = context.snapshots.token(row.bucket, { snapshot: position.snapshot, after: entries.at(-1)!.key, seen }, scope)
    if (!selection.matches) metadata.remainingItemCount = Math.max(1, position.snapshot.count(prefixOf(row, namespace)) - seen)
  }
  return { entries, metadata }
}

export function list (context: Context, route: ResourceRoute, exchange: Exchange): Answer {
  const view = viewOf(exchange)
  const { entries, metadata } = select(context, route, exchange.query)
  return bytesAnswer(200, renderList(route.row, entries, metadata, view))
}
