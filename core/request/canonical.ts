import { badRequest } from '../errors/status-error.js'

/** Longest path that is read, in characters. */
const longest = 8 * 1024

/** What a segment may hold as it is: RFC 3986 pchar but for `;`. */
const plain = new Set([...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&\'()*+,=:@'].map(c => c.charCodeAt(0)))
/** What may never be written as an escape: it could have been written plainly, or it would read as something else once decoded. */
const unreserved = /[A-Za-z0-9\-._~]/
const forbiddenDecoded = new Set(['/', '\\', '%', ';'])

const refuse = (why: string): never => { throw badRequest(`the request path is not canonical: ${why}`) }

/** One escape of a segment, `%XX` in upper case; answers its byte. */
function escapeAt (segment: string, at: number): number {
  const digits = segment.slice(at + 1, at + 3)
  if (!/^[0-9A-F]{2}$/.test(digits)) refuse('an escape must be % and two upper-case hexadecimal digits')
  const byte = parseInt(digits, 16)
  if (byte < 0x20 || byte === 0x7f) refuse('control characters are not allowed')
  const character = String.fromCharCode(byte)
  if (byte < 0x80 && unreserved.test(character)) refuse(`%${digits} must be written plainly`)
  if (forbiddenDecoded.has(character)) refuse(`%${digits} is not allowed`)
  return byte
}

function decodeSegment (segment: string): string {
  if (/^[\w.~-]*$/.test(segment)) return segment
  let escaped = false
  for (let i = 0; i < segment.length; i++) {
    const code = segment.charCodeAt(i)
    if (code === 0x25) { escapeAt(segment, i); i += 2; escaped = true } else if (!plain.has(code)) {
      if (code < 0x20 || code === 0x7f) refuse('control characters are not allowed')
      refuse(code > 0x7f ? 'characters beyond ASCII must be escaped' : `the character ${JSON.stringify(segment[i])} is not allowed`)
    }
  }
  if (!escaped) return segment
  let decoded = ''
  try { decoded = decodeURIComponent(segment) } catch { refuse('escapes must form valid UTF-8') }
  // C1 controls and the like would print, too.
  if (/[\u0080-\u009f\u2028\u2029]/.test(decoded)) refuse('control characters are not allowed')
  return decoded
}

export interface CanonicalPath {
  /** As it came: encoded, canonical. */
  readonly path: string
  /** Decoded. */
  readonly decoded: string
  /** Decoded segments; the last is '' where the path ends with a slash. */
  readonly segments: readonly string[]
}

/**
 * Reads the path of a request line; anything but its canonical form is a 400 StatusError. Nothing is ever normalised: what is forwarded is `path`.
 * Of a delimiter that may stand in a segment (`:`, `@`, `,` …) the escape is read as well, because clients differ in escaping those.
 */
export function parsePath (path: string): CanonicalPath {
  if (!path.startsWith('/')) refuse('it must begin with /')
  if (path.length > longest) refuse(`it is longer than ${longest} characters`)
  const segments = path.slice(1).split('/')
  const last = segments.length - 1
  const decoded = segments.map((segment, i) => {
    if (segment === '' && i !== last) refuse('empty segments are not allowed')
    if (segment === '.' || segment === '..') refuse('the segments . and .. are not allowed')
    return decodeSegment(segment)
  })
  return { path, decoded: '/' + decoded.join('/'), segments: decoded }
}

/** Writes decoded segments as a canonical path; parsePath reads the same segments from it. */
export const serialisePath = (segments: readonly string[]): string =>
  '/' + segments.map(segment => [...segment].map(c => c.charCodeAt(0) < 0x80 && plain.has(c.charCodeAt(0)) ? c : encodeURIComponent(c)).join('')).join('/')
