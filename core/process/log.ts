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

/** One JSON line a record, on stderr. */
export const createLog = (level: string): Logger => pino({
  level,
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { level: label => ({ level: label }) },
  redact: { paths: secret.flatMap(key => [key, `*.${key}`]), censor: '***' },
  serializers: { err: plainError, error: plainError },
}, destination({ fd: 2, sync: false }))
