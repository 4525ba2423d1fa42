import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { KubeObject, KubeResponse } from '../../core/sdk/index.js'
import { createEmbeddedKubernetes, type EmbeddedKubernetes, type EmbeddedOptions } from '../../plugins/kube-embedded/index.js'
import { memoryStorage } from './memory-storage.js'

interface Runner { teardown (work: () => unknown): void }
export type Json = Record<string, any>
export interface Reply { status: number, headers: KubeResponse['headers'], json: Json, text: string }
export interface CallOptions { type?: string, accept?: string, headers?: Record<string, string | string[]> }
export interface WatchEvent { type: string, object: KubeObject & Json }

async function textOf (response: KubeResponse): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of response.body) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}

/** An embedded Kubernetes over a store in memory, and short ways to talk to it. */
export async function embeddedApi (t: Runner, options: Partial<EmbeddedOptions> & { history?: number } = {}) {
  const dataDir = options.dataDir ?? await mkdtemp(join(tmpdir(), 'kube-'))
  const { history, ...rest } = options
  const kube: EmbeddedKubernetes = await createEmbeddedKubernetes({ storage: memoryStorage(history === undefined ? {} : { history }), log: pino({ level: 'silent' }), ...rest, dataDir })
  // The API's own timers keep no process alive; a test that waits for one does.
  const alive = setInterval(() => {}, 1000)
  t.teardown(async () => {
    clearInterval(alive)
    await kube.close()
    await rm(dataDir, { recursive: true, force: true })
  })

  const send = (method: string, url: string, body?: unknown, { type, accept, headers = {} }: CallOptions = {}) => {
    const [path = '', query = ''] = url.split('?')
    const text = body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
    return kube.transport.send({ method, path, query, headers: { ...(text === undefined ? {} : { 'content-type': type ?? 'application/json' }), ...(accept ? { accept } : {}), ...headers }, ...(text === undefined ? {} : { body: text }) })
  }
  const call = async (method: string, url: string, body?: unknown, more?: CallOptions): Promise<Reply> => {
    const response = await send(method, url, body, more)
    const text = await textOf(response)
    return { status: response.status, headers: response.headers, text, json: text.startsWith('{') ? JSON.parse(text) as Json : {} }
  }
  /** Opens a watch; `next` waits for events one at a time, `undefined` at the end. */
  const watch = async (url: string, more?: CallOptions) => {
    const { status, body } = await send('GET', url, undefined, more)
    let rest = ''
    const lines: string[] = []
    const iterator = body[Symbol.asyncIterator]()
    const next = async (): Promise<WatchEvent | undefined> => {
      while (lines.length === 0) {
        const { value, done } = await iterator.next() as IteratorResult<Buffer>
        if (done) return undefined
        const parts = (rest + value.toString('utf8')).split('\n')
        rest = parts.pop() ?? ''
        lines.push(...parts)
      }
      return JSON.parse(lines.shift()!) as WatchEvent
    }
    const take = async (count: number) => {
      const events: WatchEvent[] = []
      while (events.length < count) events.push((await next())!)
      return events
    }
    return { status, body, next, take, close: () => { body.destroy() } }
  }
  return { kube, dataDir, send, call, watch }
}
