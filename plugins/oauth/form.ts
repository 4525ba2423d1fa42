import { StatusError, parseJSON, textError, type App } from '../../core/sdk/index.js'

/** Bodies before log-in, in bytes. */
export const bodyLimit = 64 * 1024

/** A form's first value of a key; '' where there is none. */
export type Form = (key: string) => string

export const formOf = (body: unknown): Form => {
  const values = body instanceof URLSearchParams ? body : new URLSearchParams()
  return key => values.get(key) ?? ''
}

const routerText = (code: number, text: string): StatusError => textError(code, text)

const typeOf = (header: string | undefined): string => (header ?? '').split(';')[0]?.trim().toLowerCase() ?? ''

/** What a route of this group takes: forms, or JSON. As ks-apiserver answers what it does not take, before any byte of a body is read. */
export function takes (app: App, type: 'application/x-www-form-urlencoded' | 'application/json'): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(type, { parseAs: 'string', bodyLimit }, (_request, body, done) => {
    try { done(null, type === 'application/json' ? parseJSON(body as string) : new URLSearchParams(body as string)) } catch (error) { done(error as Error) }
  })
  app.addHook('preParsing', (request, _reply, payload, done) => {
    const { headers, method } = request
    if ((headers['content-encoding'] ?? 'identity') !== 'identity') return done(routerText(415, '415: Unsupported Media Type'))
    if (method !== 'POST') return done(null, payload)
    const length = headers['content-length']
    if (headers['content-type'] === undefined && length === undefined && headers['transfer-encoding'] === undefined) return done(routerText(415, '415: Unsupported Media Type\n\nAvailable representations: '))
    if (headers['content-type'] === undefined && Number(length) === 0) return done(routerText(406, '406: Not Acceptable\n\nAvailable representations: '))
    if (typeOf(headers['content-type']) !== type) return done(routerText(415, '415: Unsupported Media Type'))
    done(null, payload)
  })
}
