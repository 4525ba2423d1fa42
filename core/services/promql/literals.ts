import { quote } from './quote.js'
import { PromQLError } from './syntax.js'

const plain = /[^"'`\\\n\ufffd\ud800-\udfff]+/yu
const octal = /[0-7]{3}/y
const singles: Readonly<Record<string, string>> = { a: '\u0007', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\' }
const lengths: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }

/** A character as Go quotes it. */
export const rune = (character: string): string => character === "'" ? "'\\''" : `'${quote(character).slice(1, -1).replace('\\"', '"')}'`
const spokenRune = (character: string): string => `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')} ${rune(character)}`

/** Where the string ends that begins here, its quotes included; throws where it does not end, or holds an escape that is none. */
export function endOfString (text: string, start: number): number {
  const delimiter = text[start]
  const isRaw = delimiter === '`'
  for (let at = start + 1; ;) {
    plain.lastIndex = at
    at += plain.exec(text)?.[0].length ?? 0
    const character = text[at]
    if (character === undefined || (character === '\n' && !isRaw)) throw new PromQLError(text, start, isRaw ? 'unterminated raw string' : 'unterminated quoted string')
    if (/[\ufffd\ud800-\udfff]/.test(character)) throw new PromQLError(text, start, 'invalid UTF-8 rune')
    at++
    if (character === delimiter) return at
    if (character === '\\' && !isRaw) at = endOfEscape(text, start, at, delimiter!)
  }
}

/** Where an escape ends whose letter stands at `at`. */
function endOfEscape (text: string, start: number, at: number, delimiter: string): number {
  const fail = (reason: string): never => { throw new PromQLError(text, start, reason) }
  const letter = text[at] ?? fail('escape sequence not terminated')
  if (letter === delimiter || letter in singles) return at + 1
  octal.lastIndex = at
  const isOctal = octal.test(text)
  const length = lengths[letter] ?? (isOctal ? 3 : fail(`unknown escape sequence ${spokenRune(letter)}`))
  const from = isOctal ? at : at + 1
  const found = text.slice(from, from + length)
  const wrong = Array.from(found).find(digit => !/[0-9a-fA-F]/.test(digit))
  if (wrong !== undefined) fail(`illegal character ${spokenRune(wrong)} in escape sequence`)
  if (found.length < length) fail('escape sequence not terminated')
  const value = parseInt(found, isOctal ? 8 : 16)
  if (value > (length > 3 ? 0x10ffff : 255) || (value >= 0xd800 && value < 0xe000)) fail('escape sequence is an invalid Unicode code point')
  return from + length
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const halves = /(\xed[\xa0-\xbf][\x80-\xbf])/

/** Text of bytes given as characters. The three bytes that `quote` writes for half a surrogate pair are that half again; other bytes that are no UTF-8 throw. */
const decode = (bytes: string): string => bytes.split(halves).map((part, i) => {
  const buffer = Buffer.from(part, 'latin1')
  return i % 2 === 0 ? utf8.decode(buffer) : String.fromCharCode(0xd000 | (buffer[1]! & 0x3f) << 6 | (buffer[2]! & 0x3f))
}).join('')
const bytesOf = (text: string): string => Buffer.from(text).toString('latin1')

/** The value of a string with its quotes, which `endOfString` has looked at; undefined where its bytes are no text. */
export function unquote (literal: string): string | undefined {
  const inner = literal.slice(1, -1)
  if (literal[0] === '`' || !inner.includes('\\')) return inner
  const bytes = inner.replace(/\\(?:x(..)|([0-7]{3})|u(.{4})|U(.{8})|(.))|[^\\]+/gsu, (whole: string, ...[byte, octal, short, long, single]: (string | undefined)[]) => {
    if (byte !== undefined) return String.fromCharCode(parseInt(byte, 16))
    if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8))
    if (short ?? long) return bytesOf(String.fromCodePoint(parseInt(short ?? long ?? '', 16)))
    return single === undefined ? bytesOf(whole) : singles[single] ?? bytesOf(single)
  })
  try {
    return decode(bytes)
  } catch {
    return undefined
  }
}
