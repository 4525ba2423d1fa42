const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\u0007': '\\a', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\v': '\\v' }
const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u
const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0')

function quoted (character: string): string {
  const escape = escapes[character]
  if (escape) return escape
  const point = character.codePointAt(0)!
  // Half a surrogate pair has no UTF-8. Its three bytes, spelt out, equal no value that Prometheus can hold.
  if (point >= 0xd800 && point <= 0xdfff) return [0xe0 | point >> 12, 0x80 | (point >> 6 & 0x3f), 0x80 | (point & 0x3f)].map(byte => `\\x${hex(byte, 2)}`).join('')
  // Prometheus takes a bare U+FFFD for a broken character.
  if (printable.test(character) && point !== 0xfffd) return character
  return point < 0x80 ? `\\x${hex(point, 2)}` : point > 0xffff ? `\\U${hex(point, 8)}` : `\\u${hex(point, 4)}`
}

/** The PromQL string literal that means exactly this value. */
export const quote = (value: string): string => `"${Array.from(value, quoted).join('')}"`

/** The pattern that fits this text alone, to Prometheus and to RegExp alike. */
export const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')

export const matchOperators = ['=', '!=', '=~', '!~'] as const
export type MatchOperator = typeof matchOperators[number]

/** One condition on a label, as it stands between the braces of a selector. */
export interface Matcher { readonly label: string, readonly operator: MatchOperator, readonly value: string }

/** True for the names that every version of Prometheus takes for a label without quotes. */
export const isLabelName = (name: string): boolean => /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)

export const printMatcher = ({ label, operator, value }: Matcher): string => `${label}${operator}${quote(value)}`

/** A condition on a label as text, `label="value"`; throws where the label is not one. */
export function matcher (label: string, operator: MatchOperator, value: string): string {
  if (!isLabelName(label)) throw new Error(`${quote(label)} is no label name`)
  return printMatcher({ label, operator, value })
}
