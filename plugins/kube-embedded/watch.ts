import { Readable } from 'node:stream'
import { StatusError, badRequest, gone, tooManyRequests } from '../../core/sdk/index.js'
import { keyOf, prefixOf, type Context } from './context.js'
import { flag, type Answer, type Exchange } from './exchange.js'
import { Feed } from './feed.js'
import type { KindRow } from './kinds/types.js'
import { bytesIn, render, viewOf, type View } from './render.js'
import type { ResourceRoute } from './route.js'
import { selectionOf, type Selection } from './selection.js'
import { apiVersion, invalidOptions } from './status.js'
import { shownEntry } from './storage/entry.js'
import type { Change, Entry } from './storage/types.js'
import { revisionOf } from './verbs/get.js'

type EventType = 'ADDED' | 'MODIFIED' | 'DELETED'

const tail = Buffer.from('}\n')
const heads = { ADDED: Buffer.from('{"type":"ADDED","object":'), MODIFIED: Buffer.from('{"type":"MODIFIED","object":'), DELETED: Buffer.from('{"type":"DELETED","object":') }
const frame = (type: EventType, object: Buffer) => Buffer.concat([heads[type], object, tail])

/** How many watches there may be, of one resource and in all. */
export const maxWatches = { resource: 15_000, total: 20_000 }

function makeRoom ({ watches }: Context, bucket: string): void {
  if (watches.size < maxWatches.resource) return
  let same = 0
  for (const watch of watches) if (watch.bucket === bucket) same++
  if (same >= maxWatches.resource || watches.size >= maxWatches.total) throw tooManyRequests('too many watches, please try again later', 5)
}

/** The bytes of the newest events, made once for all watchers of the same version; at most 1,000 entries and 8 MiB. */
class Frames {
  readonly #kept = new Map<Entry, Map<string, Buffer>>()
  #bytes = 0

  get (type: EventType, row: KindRow, entry: Entry): Buffer {
    const kept = this.#kept.get(entry) ?? new Map<string, Buffer>()
    const id = `${type} ${apiVersion(row)}`
    const known = kept.get(id)
    if (known) return known
    const made = frame(type, bytesIn(row, entry))
    this.#bytes += made.length
    this.#kept.set(entry, kept.set(id, made))
    this.#expire()
    return made
  }

  #expire (): void {
    for (const [entry, events] of this.#kept) {
      if (this.#kept.size <= 1_000 && this.#bytes <= 8 * 1024 * 1024) return
      for (const event of events.values()) this.#bytes -= event.length
      this.#kept.delete(entry)
    }
  }
}

const frames = new Frames()

/** Writes the events of one watcher in its form. */
const encoderOf = (row: KindRow, view: View) => (type: EventType, entry: Entry): Buffer =>
  view.form.as === 'object' ? frames.get(type, row, entry) : frame(type, render(row, entry, view))

/** Leaves the columns in the first event that has any, as they are read. */
function columnsOnce () {
  let first = true
  return (event: Buffer): Buffer => {
    if (!event.includes('"columnDefinitions":[')) return event
    if (first) {
      first = false
      return event
    }
    const { type, object } = JSON.parse(event.toString('utf8')) as { type: string, object: object }
    return Buffer.from(`${JSON.stringify({ type, object: { ...object, columnDefinitions: null } })}\n`)
  }
}

/** An object as it was before it left the selection, with the revision of its leaving. */
function left ({ entry, previous }: Change): Entry {
  const { object } = previous!
  const last = { ...object, metadata: { ...object.metadata, resourceVersion: String(entry.revision) } }
  return shownEntry(entry.key, entry.revision, last)
}

/** What a change is for a watcher that sees only a selection. */
function seenAs (change: Change, { matches }: Selection): [EventType, Entry] | undefined {
  const { type, entry, previous } = change
  const before = previous !== undefined && (!matches || matches(previous.object))
  if (type === 'remove') return before || (!previous && (!matches || matches(entry.object))) ? ['DELETED', entry] : undefined
  const now = !matches || matches(entry.object)
  if (now) return [before ? 'MODIFIED' : 'ADDED', entry]
  return before ? ['DELETED', left(change)] : undefined
}

interface WatchQuery { after: number | undefined, initial: boolean, bookmarks: boolean, endMark: boolean }

function watchQuery ({ query }: Exchange): WatchQuery {
  const revision = revisionOf(query.get('resourceVersion'))
  const match = query.get('resourceVersionMatch') ?? ''
  const asked = query.has('sendInitialEvents')
  const send = flag(query, 'sendInitialEvents')
  if (asked && match !== 'NotOlderThan') throw invalidOptions('ListOptions', 'resourceVersionMatch', 'FieldValueForbidden', 'Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan')
  if (!asked && match) throw invalidOptions('ListOptions', 'resourceVersionMatch', 'FieldValueForbidden', 'Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided')
  const bookmarks = flag(query, 'allowWatchBookmarks')
  const fromNow = revision === undefined || revision === 0
  return { after: fromNow || send ? undefined : revision, initial: asked ? send : fromNow, bookmarks, endMark: asked && send && bookmarks }
}

const errorFrame = (error: unknown) => {
  const status = error instanceof StatusError ? error : new StatusError({ code: 500, reason: 'InternalError', message: 'Internal error occurred' })
  return Buffer.from(`{"type":"ERROR","object":${JSON.stringify(status.toStatus())}}\n`)
}

function bookmarkOf (row: KindRow, revision: number, { form }: View, initialEnd = false): Buffer {
  const annotations = initialEnd ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}
  const metadata = { resourceVersion: String(revision), ...annotations }
  const object = form.as === 'table'
    ? { kind: 'Table', apiVersion: form.apiVersion, metadata: { resourceVersion: String(revision) }, columnDefinitions: null, rows: [{ cells: [], object: { kind: 'PartialObjectMetadata', apiVersion: form.apiVersion, metadata } }] }
    : { kind: form.as === 'metadata' ? 'PartialObjectMetadata' : row.kind, apiVersion: form.as === 'metadata' ? form.apiVersion : apiVersion(row), metadata }
  return Buffer.from(`{"type":"BOOKMARK","object":${JSON.stringify(object)}}\n`)
}

function timeoutOf ({ query }: Exchange): number {
  const text = query.get('timeoutSeconds') ?? ''
  if (text === '') return 1_800_000 * (1 + Math.random())
  if (!/^-?\d{1,9}$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text.slice(0, 64))}: invalid syntax`)
  const seconds = Number(text)
  return seconds <= 0 ? 1_800_000 * (1 + Math.random()) : Math.min(seconds, 86_400) * 1000
}

function * addedEvents (snapshot: Iterable<Entry>, { matches }: Selection, encode: (type: EventType, entry: Entry) => Buffer, end: Buffer | undefined) {
  for (const entry of snapshot) if (!matches || matches(entry.object)) yield encode('ADDED', entry)
  if (end) yield end
}

/** Starts a watch. It ends by its timeout, by `signal`, when its reader lags, when its kind goes away or when the server closes. */
export function openFeed (context: Context, route: ResourceRoute, exchange: Exchange): Feed {
  const { row, namespace } = route
  const { storage, timings, watches } = context
  const view = viewOf(exchange)
  const selection = selectionOf(row, nameInQuery(route, exchange.query))
  const { after, initial, bookmarks, endMark } = watchQuery(exchange)
  const lifetime = timeoutOf(exchange)
  makeRoom(context, row.bucket)
  const snapshot = storage.snapshot(row.bucket)
  const encode = encoderOf(row, view)
  const prefix = selection.name !== undefined && (namespace || !row.namespaced) ? keyOf(row, namespace, selection.name) : prefixOf(row, namespace)
  const future = after !== undefined && after > storage.revision
  const feed = new Feed({
    storage,
    bucket: row.bucket,
    prefix,
    after: future ? storage.revision : after ?? snapshot.revision,
    initial: initial ? addedEvents(snapshot.range(prefix), selection, encode, endMark ? bookmarkOf(row, snapshot.revision, view, true) : undefined) : [][Symbol.iterator](),
    encode: change => {
      const seen = seenAs(change, selection)
      return seen && encode(...seen)
    },
    failed: error => {
      if (!(error instanceof StatusError)) context.log.error({ err: error, bucket: row.bucket }, 'a watch of the embedded Kubernetes failed')
      return errorFrame(error)
    },
    ...(view.form.as === 'table' ? { finish: columnsOnce() } : {}),
    lagTimeout: timings.lagTimeout,
  })
  if (future) {
    feed.push(errorFrame(gone(`too large resource version: ${after}, current: ${storage.revision}`)))
    feed.close()
  }
  if (feed.ended) return feed
  const mark = () => { if (bookmarks && feed.idle) feed.push(bookmarkOf(row, Math.max(feed.revision, storage.revision), view)) }
  const bookmarkTimer = bookmarks ? setInterval(mark, timings.bookmarkInterval).unref() : undefined
  const end = setTimeout(() => { mark(); feed.close() }, lifetime).unref()
  const watch = { bucket: row.bucket, close: () => { feed.close() } }
  watches.add(watch)
  exchange.signal?.addEventListener('abort', watch.close, { once: true })
  feed.onEnd = () => {
    clearInterval(bookmarkTimer)
    clearTimeout(end)
    watches.delete(watch)
    exchange.signal?.removeEventListener('abort', watch.close)
  }
  if (exchange.signal?.aborted) feed.close()
  return feed
}

/** A watch on one named object is a watch with a selector on its name. */
function nameInQuery ({ name }: ResourceRoute, query: URLSearchParams): URLSearchParams {
  if (!name) return query
  const result = new URLSearchParams(query)
  const fields = result.get('fieldSelector')
  result.set('fieldSelector', `${fields ? `${fields},` : ''}metadata.name=${name}`)
  return result
}

/** A feed as the body of a response. */
class FeedBody extends Readable {
  #wanted = false

  constructor (private readonly feed: Feed) {
    super()
    feed.wake = () => { if (this.#wanted) this._read() }
  }

  override _read () {
    this.#wanted = true
    while (this.#wanted) {
      const event = this.feed.next()
      if (event === undefined) return
      this.#wanted = this.push(event) && event !== null
    }
  }

  override _destroy (error: Error | null, done: (error?: Error | null) => void) {
    this.feed.close()
    done(error)
  }
}

export const watch = (context: Context, route: ResourceRoute, exchange: Exchange): Answer =>
  ({ status: 200, headers: { 'content-type': 'application/json', 'cache-control': 'no-cache, private' }, body: new FeedBody(openFeed(context, route, exchange)) })
