import type { Logger } from 'pino'
import { StatusError } from '../errors/status-error.js'
import { apiVersionOf } from '../../schemas/kube/object.js'
import { Cache } from './cache.js'
import { linesOf } from './lines.js'
import { pathOf, queryOf } from './paths.js'
import { readJSON } from './read.js'
import { kept } from './sharing.js'
import type { Kind, KubeList, KubeObject, KubeTransport, StorePart } from './types.js'

/** Waits of a watch, in ms. `silence` is how long past its own end a watch may say nothing before it is given up. */
const waits = { first: 200, most: 30_000, lasting: 10_000, watch: 300_000, silence: 30_000 }
const pageSize = 500

interface WatchEvent<T> { type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR', object: T & { code?: number, message?: string } }

export interface Feed<T extends KubeObject> {
  readonly cache: Cache<T>
  status (): { synced: boolean, error?: string }
  close (): void
}

/** Keeps a cache true to a kind: lists, watches, and starts over where it must, until closed. */
export function feed<T extends KubeObject> (transport: KubeTransport, kind: Kind<T>, part: StorePart, log: Logger): Feed<T> {
  const cache = new Cache(kind, log)
  const closing = new AbortController()
  let problem: string | undefined
  let absent = false

  const pause = (ms: number): Promise<void> => new Promise(resolve => {
    const end = () => {
      clearTimeout(timer)
      closing.signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms * (0.5 + Math.random() / 2))
    closing.signal.addEventListener('abort', end, { once: true })
  })

  const briefly = (object: T): T => part.brief ? part.brief.of(object) as T : object

  async function list (): Promise<void> {
    const items: T[] = []
    let next: string | undefined
    let resourceVersion = ''
    do {
      const query = queryOf({ limit: pageSize, continue: next, labelSelector: part.labelSelector })
      const page = await readJSON<KubeList<T>>(transport, { method: 'GET', path: pathOf(kind, part), query, signal: closing.signal })
      // Items of built-in kinds do not say what they are; those of watches do.
      // Taken page by page as they are kept, so that a large list is at no time there in full.
      for (const item of page.items) items.push(kept(briefly({ apiVersion: apiVersionOf(kind), kind: kind.kind, ...item })))
      next = page.metadata.continue || undefined
      resourceVersion = page.metadata.resourceVersion
    } while (next)
    cache.reset(items, resourceVersion)
  }

  function apply ({ type, object }: WatchEvent<T>): void {
    if (type === 'ERROR') throw new StatusError({ code: object.code ?? 500, reason: 'Expired', message: object.message ?? 'the watch ended with an error' })
    if (type === 'DELETED') cache.remove(briefly(object))
    else if (type !== 'BOOKMARK') cache.put(briefly(object))
    if (object.metadata.resourceVersion) cache.advance(object.metadata.resourceVersion)
  }

  async function watch (): Promise<void> {
    const seconds = Math.round(waits.watch / 1000 * (1 + Math.random()))
    const ending = new AbortController()
    const stop = () => { ending.abort() }
    closing.signal.addEventListener('abort', stop, { once: true })
    const deadline = setTimeout(stop, seconds * 1000 + waits.silence)
    try {
      const query = queryOf({ watch: 'true', allowWatchBookmarks: 'true', resourceVersion: cache.resourceVersion, timeoutSeconds: seconds, labelSelector: part.labelSelector })
      const { status, body } = await transport.send({ method: 'GET', path: pathOf(kind, part), query, headers: { accept: 'application/json' }, signal: ending.signal })
      if (status !== 200) { body.resume(); throw new StatusError({ code: status, reason: 'Unknown', message: `the watch was answered with ${status}` }) }
      for await (const line of linesOf(body)) if (line) apply(JSON.parse(line) as WatchEvent<T>)
    } finally {
      clearTimeout(deadline)
      closing.signal.removeEventListener('abort', stop)
    }
  }

  /** A kind that the cluster lacks is empty, and looked for again now and then. */
  function notThere (error: unknown): boolean {
    if (!(error instanceof StatusError) || error.code !== 404) return false
    if (!absent) log.debug({ kind: kind.kind, group: kind.group }, 'the cluster does not serve this kind')
    absent = true
    cache.reset([], cache.resourceVersion)
    return true
  }

  /** What went wrong, as long as it does; whether the next round begins with a list. */
  function failed (error: unknown, listed: boolean): boolean {
    const expired = error instanceof StatusError && error.code === 410
    const missing = notThere(error)
    problem = missing || expired ? undefined : (error as Error).message
    if (problem) log.warn({ err: error, kind: kind.kind }, 'the watch of a kind was interrupted')
    return listed && !expired && !missing
  }

  async function run (): Promise<void> {
    let listed = false
    let wait = waits.first
    while (!closing.signal.aborted) {
      const began = Date.now()
      try {
        if (!listed) await list()
        listed = true; absent = false; problem = undefined
        await watch()
      } catch (error) {
        if (closing.signal.aborted) return
        listed = failed(error, listed)
      }
      // A watch that lasted starts again at once; one that ends again and again is asked for less and less often.
      if (Date.now() - began >= waits.lasting) wait = waits.first
      else {
        await pause(wait)
        wait = Math.min(wait * 2, waits.most)
      }
    }
  }
  void run()

  return {
    cache,
    status: () => ({ synced: cache.synced, ...(problem ? { error: problem } : {}) }),
    close: () => { closing.abort() },
  }
}
