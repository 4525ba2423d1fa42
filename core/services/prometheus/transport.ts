import { Pool } from 'undici'
import { createExchange, type ReadLimits, type Whole } from './exchange.js'
import { Failure, wasDropped } from './failure.js'

export interface Sent {
  status: number
  text: string
  /** When the server says that it answered (ms); undefined where it does not. */
  date: number | undefined
  /** Called once, when the text has been read: the answers that have not are bounded together. */
  release: () => void
}

export interface Transport {
  /** One exchange with what lies under the server's address, read whole. `form` goes as a POST, without it it is a GET. Throws; see `sentenceOf`. */
  send (path: string, form: URLSearchParams | undefined, signal: AbortSignal): Promise<Sent>
  close (): Promise<void>
}

export interface TransportOptions {
  /** Address of the server; a path before its API and basic credentials may be part of it. */
  endpoint: string
  setting: string | undefined
  connections: number
  limits: ReadLimits
  timeout: number
}

const redirects = { most: 10, statuses: new Set([301, 302, 303, 307, 308]) }
/** A connection that ends within this time (ms) without an answer had gone before it was used: the question is sent again, once. */
const goneBefore = 1_000
const connectTimeout = 5_000
/** How long a server is believed to refuse POST (ms). */
const refusal = 300_000

function addressOf (endpoint: string, setting: string | undefined): { url: URL, credentials: string } {
  const wrong = new Error(`${setting ? `${setting}: ` : ''}the address of a Prometheus server is http://host:port or https://host:port, with or without a path`)
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash) throw wrong
  const { username, password } = url
  try { return { url, credentials: username || password ? `${decodeURIComponent(username)}:${decodeURIComponent(password)}` : '' } } catch { throw wrong }
}

function headersOf (credentials: string): Record<string, string> {
  return { accept: 'application/json', 'accept-encoding': 'identity', 'user-agent': 'ks-apiserver', ...(credentials ? { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` } : {}) }
}

/** Exchanges with one server over kept-alive connections; nothing of a caller goes with them, and no redirect leads elsewhere. */
export function createTransport ({ endpoint, setting, connections, limits, timeout }: TransportOptions): Transport {
  const { url, credentials } = addressOf(endpoint, setting)
  const prefix = url.pathname.replace(/\/+$/, '')
  const getHeaders = headersOf(credentials)
  const postHeaders = { ...getHeaders, 'content-type': 'application/x-www-form-urlencoded' }
  const pool = new Pool(url.origin, { connections, pipelining: 1, keepAliveTimeout: 30_000, headersTimeout: timeout, bodyTimeout: timeout, connect: { timeout: connectTimeout } })
  const exchange = createExchange(pool, limits)
  let noPostUntil = 0

  async function once (post: boolean, path: string, form: string, signal: AbortSignal): Promise<Whole> {
    const request = post
      ? { method: 'POST', path, headers: postHeaders, body: form } as const
      : { method: 'GET', path: form ? `${path}${path.includes('?') ? '&' : '?'}${form}` : path, headers: getHeaders } as const
    const since = performance.now()
    try { return await exchange(request, signal) } catch (error) {
      if (!wasDropped(error) || performance.now() - since > goneBefore || signal.aborted) throw error
      return exchange(request, signal)
    }
  }

  /** The path that a redirect names. */
  function within (location: string, from: string): string {
    const base = new URL(from, url.origin)
    const target = URL.canParse(location, base.href) ? new URL(location, base) : undefined
    if (target?.origin !== url.origin) throw new Failure('bad_response: redirected to another server')
    return target.pathname + target.search
  }

  async function follow (path: string, form: string, post: boolean, signal: AbortSignal): Promise<Sent> {
    for (let times = 0; times <= redirects.most; times++) {
      const { status, headers, text, release } = await once(post, path, form, signal)
      if (!redirects.statuses.has(status) || !headers.location) {
        const date = Date.parse(headers.date ?? '')
        return { status, text, release, date: Number.isNaN(date) ? undefined : date }
      }
      release()
      const target = within(headers.location, path)
      path = target
      if (status === 303) post = false
      if (!post && target.includes('?')) form = ''
    }
    throw new Failure(`bad_response: stopped after ${redirects.most} redirects`)
  }

  return {
    async send (path, form, signal) {
      const text = form?.toString() ?? ''
      const post = form !== undefined && Date.now() >= noPostUntil
      const sent = await follow(prefix + path, text, post, signal)
      if (!post || (sent.status !== 405 && sent.status !== 501)) return sent
      sent.release()
      noPostUntil = Date.now() + refusal
      return follow(prefix + path, text, false, signal)
    },
    close: () => pool.destroy(),
  }
}
