import type { KubeObject, KubeResponse, KubeTransport } from '../../core/sdk/index.js'

export type Json = Record<string, any>
export interface Reply { status: number, headers: KubeResponse['headers'], json: Json, text: string }
export interface CallOptions { type?: string, accept?: string, headers?: Record<string, string | string[]> }
export interface WatchEvent { type: string, object: KubeObject & Json }

async function textOf (response: KubeResponse): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of response.body) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}

/** Short ways to talk to a Kubernetes API, whichever it is. */
export function apiOver (transport: KubeTransport) {
  const send = (method: string, url: string, body?: unknown, { type, accept, headers = {} }: CallOptions = {}) => {
    const [path = '', query = ''] = url.split('?')
    const text = body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
    return transport.send({ method, path, query, headers: { ...(text === undefined ? {} : { 'content-type': type ?? 'application/json' }), ...(accept ? { accept } : {}), ...headers }, ...(text === undefined ? {} : { body: text }) })
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
  return { send, call, watch }
}

export type KubeApi = ReturnType<typeof apiOver>
