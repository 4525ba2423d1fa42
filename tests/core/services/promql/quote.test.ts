import { parser } from '@prometheus-io/lezer-promql'
import fc from '../../../helpers/fast-check.js'
import t from 'tap'
import { LinearRegExp } from '../../../../core/regexp/index.js'
import { literal, matcher, parsePromQL, quote, isLabelName } from '../../../../core/services/promql/index.js'

/** The value of a literal, as our own reader has it. */
const valueOf = (literal: string): unknown => {
  const expression = parsePromQL(literal)
  return expression.kind === 'string' ? expression.value : expression
}

const literals: [value: string, literal: string][] = [
  ['', '""'],
  ['plain', '"plain"'],
  ['a"b', '"a\\"b"'],
  ["a'b`c", '"a\'b`c"'],
  ['\\', '"\\\\"'],
  ['\\"', '"\\\\\\""'],
  ['\u0007\b\f\n\r\t\v', '"\\a\\b\\f\\n\\r\\t\\v"'],
  ['\0\u001b\u007f', '"\\x00\\x1b\\x7f"'],
  ['é 漢 😀', '"é 漢 😀"'],
  ['\u00a0\u00ad\u2028\ufeff', '"\\u00a0\\u00ad\\u2028\\ufeff"'],
  ['\u{e0001}', '"\\U000e0001"'],
  ['\ufffd', '"\\ufffd"'],
  ['\ud800', '"\\xed\\xa0\\x80"'],
  ['a\udfffb', '"a\\xed\\xbf\\xbfb"'],
  ['.*"} or up{namespace="theirs', '".*\\"} or up{namespace=\\"theirs"'],
  ['# comment', '"# comment"'],
]

t.test('a literal means its value', async t => {
  for (const [value, literal] of literals) {
    t.equal(quote(value), literal)
    t.equal(valueOf(literal), value, literal)
  }
})

t.test('a text as a pattern fits itself alone', async t => {
  t.equal(literal('a.b|c$d'), 'a\\.b\\|c\\$d')
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n', 'é', ...'\\^$.*+?()[]{}|-/&') })
  fc.assert(fc.property(text, text, (a, b) => [new LinearRegExp(`^(?:${literal(a)})$`), new RegExp(`^(?:${literal(a)})$`, 'u')].every(pattern => pattern.test(a) && pattern.test(b) === (a === b))), { numRuns: 2000 })
})

t.test('of any text: read back it is the same, it stays on one line of printable characters, and any reader sees one string', async t => {
  const one = (value: string): boolean => {
    const literal = quote(value)
    let kinds = ''
    parser.configure({ strict: true }).parse(literal).iterate({ enter: ({ name }) => { kinds += `${name} ` } })
    return valueOf(literal) === value && kinds === 'PromQL StringLiteral ' && !/[\p{C}\u2028\u2029]/u.test(literal.replace(/[\p{Co}\p{Cn}]/gu, ''))
  }
  fc.assert(fc.property(fc.string({ unit: 'binary' }), one), { numRuns: 2000 })
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 0xffff })).map(units => String.fromCharCode(...units)), one), { numRuns: 5000 })
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom('"', "'", '`', '\\', '\n', 'x', 'u', '0', '{', '}', '#', '$') }), one), { numRuns: 5000 })
})

t.test('a condition on a label', async t => {
  t.equal(matcher('pod', '=', 'a"b'), 'pod="a\\"b"')
  t.equal(matcher('_a1', '!~', '\\d+'), '_a1!~"\\\\d+"')
  for (const label of ['', 'a-b', '1a', 'a"', 'a{', 'é', 'a:b', 'a\n', 'a b']) {
    t.notOk(isLabelName(label), label)
    t.throws(() => matcher(label, '=', 'x'), { message: `${quote(label)} is no label name` }, label)
  }
})
