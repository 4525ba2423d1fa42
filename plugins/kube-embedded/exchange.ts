import type { Readable } from 'node:stream'
import type { Headers } from '../../core/sdk/index.js'
import type { User } from './auth/users.js'

/** One request as the verbs see it. */
export interface Exchange {
  readonly method: string
  /** Encoded, without the query. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Headers
  /** Who asks; behind the gate, as whom. */
  readonly user: User
  /** Reads the whole body, at most 3 MiB. */
  body (): Promise<Buffer>
  readonly signal?: AbortSignal
}

/** What goes back: parts of one body, or a stream. */
export interface Answer {
  readonly status: number
  readonly headers: Record<string, string | string[]>
  readonly body: readonly Buffer[] | Readable
}

export const header = (exchange: Pick<Exchange, 'headers'>, name: string): string => {
  const value = exchange.headers[name]
  return (Array.isArray(value) ? value.join(',') : value) ?? ''
}

export const headersOf = (exchange: Pick<Exchange, 'headers'>, name: string): string[] => {
  const value = exchange.headers[name]
  return value === undefined ? [] : Array.isArray(value) ? value : [value]
}

/** As Go's ParseBool on a query parameter; an empty value means true, as Kubernetes' converter has it. */
export function flag (query: URLSearchParams, name: string): boolean {
  const value = query.get(name)
  return value !== null && value !== 'false' && value !== '0' && value !== 'f' && value !== 'F' && value !== 'False' && value !== 'FALSE'
}

export const jsonAnswer = (status: number, value: unknown, headers: Record<string, string | string[]> = {}): Answer =>
  ({ status, headers: { 'content-type': 'application/json', 'cache-control': 'no-cache, private', ...headers }, body: [Buffer.from(`${JSON.stringify(value)}\n`)] })

export const textAnswer = (status: number, text: string): Answer =>
  ({ status, headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' }, body: [Buffer.from(text)] })

/** `299 - "…"`, one header each. */
export const warningHeaders = (warnings: readonly string[]): Record<string, string[]> =>
  warnings.length ? { warning: warnings.slice(0, 50).map(text => `299 - ${quote(text)}`) } : {}

/** A quoted-string of printable ASCII. */
const quote = (text: string) => `"${text.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, '\\$&').slice(0, 1000)}"`
