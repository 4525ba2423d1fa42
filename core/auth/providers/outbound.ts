import { Agent, request, type Dispatcher } from 'undici'
import { ProviderFailure } from './types.js'

/** Bounds of what is asked of a provider: ms, bytes, and questions at once. */
const bounds = { connect: 5_000, total: 15_000, bytes: 1024 * 1024, running: 32 }

export interface Answer { status: number, type: string, text: string }

/** Questions to one provider over HTTP: bounded in time, size and number; redirects are answers like any other, never followed. */
export interface Outbound {
  get (url: string, headers?: Record<string, string>): Promise<Answer>
  post (url: string, form: URLSearchParams, headers?: Record<string, string>): Promise<Answer>
  close (): Promise<void>
}

/** Lets so many pieces of work run at once and refuses the rest: a provider that hangs takes no more than its share. */
export function createGate (most = bounds.running) {
  let running = 0
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= most) throw new ProviderFailure('the identity provider is busy, please try again later')
    running++
    try { return await work() } finally { running-- }
  }
}

export function createOutbound ({ insecureSkipVerify = false }: { insecureSkipVerify?: boolean } = {}): Outbound {
  const agent = new Agent({
    connect: { rejectUnauthorized: !insecureSkipVerify, timeout: bounds.connect },
    headersTimeout: bounds.total,
    bodyTimeout: bounds.total,
    maxResponseSize: bounds.bytes,
    connections: bounds.running,
  })
  const gate = createGate()

  async function ask (url: string, options: { method: Dispatcher.HttpMethod, headers: Record<string, string>, body?: string }): Promise<Answer> {
    try {
      const { statusCode, headers, body } = await request(url, { ...options, dispatcher: agent, signal: AbortSignal.timeout(bounds.total) })
      return { status: statusCode, type: String(headers['content-type'] ?? ''), text: await body.text() }
    } catch (error) {
      throw new ProviderFailure('the identity provider cannot be reached', { cause: error })
    }
  }

  const common = { accept: 'application/json', 'user-agent': 'ks-apiserver' }
  return {
    get: (url, headers = {}) => gate(() => ask(url, { method: 'GET', headers: { ...common, ...headers } })),
    post: (url, form, headers = {}) => gate(() => ask(url, { method: 'POST', headers: { ...common, 'content-type': 'application/x-www-form-urlencoded', ...headers }, body: String(form) })),
    close: () => agent.destroy(),
  }
}

/** The object that an answer is; throws a ProviderFailure for any other answer. */
export function objectOf ({ status, text }: Answer, what: string): Record<string, unknown> {
  if (status !== 200) throw new ProviderFailure(`the identity provider answered ${what} with ${status}`)
  let value: unknown
  try { value = JSON.parse(text) } catch (error) { throw new ProviderFailure(`the identity provider answered ${what} with something that is not JSON`, { cause: error }) }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ProviderFailure(`the identity provider answered ${what} with something that is no object`)
  return value as Record<string, unknown>
}

/** A member that is a text; '' for any other. */
export const textOf = (object: Record<string, unknown>, key: string): string => {
  const value = Object.hasOwn(object, key) ? object[key] : undefined
  return typeof value === 'string' ? value : ''
}
