import pino, { destination, stdSerializers, type Logger } from 'pino'

/** What a record may not show, wherever it comes from. */
const secret = ['authorization', 'cookie', 'password', 'client_secret', 'access_token', 'refresh_token', 'id_token', 'token', 'jwtSecret', 'kubeconfig']

/** An error without what it may carry along: requests, bodies, addresses. */
const plainError = (error: unknown): unknown => {
  if (!(error instanceof Error)) return error
  const { type, message, stack } = stdSerializers.err(error)
  const { code, cause } = error as { code?: unknown, cause?: unknown }
  return { type, message, stack, ...(code === undefined ? {} : { code }), ...(cause instanceof Error ? { cause: cause.message } : {}) }
}

/** The time of a record, in milliseconds as ISO 8601; made once a millisecond. */
const isoTime = (): (() => string) => {
  let at = 0
  let text = ''
  return () => {
    const now = Date.now()
    if (now !== at) text = `,"time":"${new Date(at = now).toISOString()}"`
    return text
  }
}

/** One JSON line a record, on stderr; written together, within 100 ms. */
export const createLog = (level: string): Logger => pino({
  level,
  base: null,
  timestamp: isoTime(),
  formatters: { level: label => ({ level: label }) },
  redact: { paths: secret.flatMap(key => [key, `*.${key}`]), censor: '***' },
  serializers: { err: plainError, error: plainError },
}, destination({ fd: 2, sync: false, minLength: 4096, periodicFlush: 100 }))
