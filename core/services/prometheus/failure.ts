/** What went wrong with one exchange, in the words that clients read; never an address or a credential of the server. */
export class Failure extends Error {}

/** The end of a waiting, by who waits or by the clock; made for every question that is left, so without a DOMException's weight. */
export class Ended extends Error {
  constructor (override readonly name: 'AbortError' | 'TimeoutError') { super(name) }
}

const sentences = new Map<unknown, string>([
  ['ECONNREFUSED', 'dial tcp: connect: connection refused'],
  ['EHOSTUNREACH', 'dial tcp: connect: no route to host'],
  ['ENETUNREACH', 'dial tcp: connect: network is unreachable'],
  ['ENOTFOUND', 'dial tcp: lookup: no such host'],
  ['EAI_AGAIN', 'dial tcp: lookup: temporary failure in name resolution'],
  ['ETIMEDOUT', 'dial tcp: i/o timeout'],
  ['UND_ERR_CONNECT_TIMEOUT', 'dial tcp: i/o timeout'],
  ['UND_ERR_HEADERS_TIMEOUT', 'context deadline exceeded'],
  ['UND_ERR_BODY_TIMEOUT', 'context deadline exceeded'],
  ['TimeoutError', 'context deadline exceeded'],
  ['AbortError', 'context canceled'],
  ['UND_ERR_ABORTED', 'context canceled'],
  ['UND_ERR_DESTROYED', 'the client is closed'],
  ['UND_ERR_CLOSED', 'the client is closed'],
  ['UND_ERR_SOCKET', 'EOF'],
  ['ECONNRESET', 'read: connection reset by peer'],
  ['EPIPE', 'write: broken pipe'],
  ['HTTPParserError', 'malformed HTTP response'],
  ['UND_ERR_HEADERS_OVERFLOW', 'net/http: server response headers exceeded their limit'],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'unexpected EOF'],
  ['Z_DATA_ERROR', 'the answer is compressed wrongly'],
  ['Z_BUF_ERROR', 'unexpected EOF'],
])

/** The sentence of whatever was thrown under `method path`. */
export function sentenceOf (error: unknown, method: string, path: string): string {
  if (error instanceof Failure) return error.message
  const { code, name } = Object(error) as { code?: string, name?: string }
  const known = sentences.get(code) ?? sentences.get(name)
  const reason = known ?? (/CERT|TLS|SSL|SIGNATURE/.test(code ?? '') ? 'tls: failed to verify certificate' : 'connection failed')
  return `${method === 'GET' ? 'Get' : 'Post'} "${path}": ${reason}`
}

/** True where a kept-alive connection may have ended just as the question was sent. */
export const wasDropped = (error: unknown): boolean => ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes((Object(error) as { code?: string }).code ?? '')
