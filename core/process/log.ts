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

/** The time of a record, in milliseconds as ISO 8601; all but the milliseconds is made once a second. */
const isoTime = (): (() => string) => {
  let second = 0
  let text = ''
  return () => {
    const now = Date.now()
    const ms = now % 1000
    if (now - ms !== second) {
      second = now - ms
      text = `,"time":"${new Date(second).toISOString().slice(0, -4)}`
    }
    return `${text}${String(ms).padStart(3, '0')}Z"`
  }
}

/** How much is written at once, how long a record waits for that, and what may wait for a reader who does not read, in bytes and ms. */
const together = { bytes: 32 * 1024, ms: 100, waiting: 16 * 1024 * 1024 }

/** Writes lines together: what is kept is bytes, not the pieces that texts are made of, and nobody waits for the writing. Beyond a bound records are lost. */
export function gather (fd: number): { write (line: string): void } {
  const size = together.bytes * 2
  let part = Buffer.allocUnsafe(size)
  let at = 0
  let timer: NodeJS.Timeout | undefined
  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    if (at === 0) return
    const done = part.subarray(0, at)
    part = Buffer.allocUnsafe(size)
    at = 0
    write(done)
  }
  process.on('exit', flush)                                    // before the destination empties itself
  const to = destination({ fd, sync: false, contentMode: 'buffer', maxLength: together.waiting } as Parameters<typeof destination>[0])
  const write = to.write.bind(to) as unknown as (bytes: Buffer) => void
  return {
    write (line) {
      const most = line.length * 3                             // what UTF-8 may make of it
      if (most > size - at) flush()
      if (most > size) { write(Buffer.from(line)); return }
      at += part.write(line, at)
      if (at >= together.bytes) flush()
      else timer ??= setTimeout(flush, together.ms).unref()
    },
  }
}

/** One JSON line a record, on stderr. */
export const createLog = (level: string): Logger => pino({
  level,
  base: null,
  timestamp: isoTime(),
  formatters: { level: label => ({ level: label }) },
  redact: { paths: secret.flatMap(key => [key, `*.${key}`]), censor: '***' },
  serializers: { err: plainError, error: plainError },
}, gather(2))
