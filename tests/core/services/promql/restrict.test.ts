import { parser } from '@prometheus-io/lezer-promql'
import fc from '../../../helpers/fast-check.js'
import t from 'tap'
import { PromQLError, RestrictionError, enforce, quote, restrict, selectors } from '../../../../core/services/promql/index.js'
import { verify } from '../../../../core/services/promql/restrict.js'

const N = 'namespace="ours"'
const isRefused = (work: () => unknown): boolean => {
  try { work() } catch (error) { return error instanceof RestrictionError }
  return false
}
const limited = (text: string): string => restrict(text, { namespace: 'ours' })

const rewrites: [text: string, expected: string][] = [
  ['up', `up{${N}}`],
  ['up{namespace="random"} + up{job="t"}', `up{${N}} + up{job="t",${N}}`],
  ['{__name__=~"a.*"}', `{__name__=~"a.*",${N}}`],
  ['{__name__=~".+"}', `{__name__=~".+",${N}}`],
  ['{__name__="up"}', `{__name__="up",${N}}`],
  ['up{}', `up{${N}}`],
  ['up{namespace="theirs"}', `up{${N}}`],
  ['up{namespace!="ours"}', `up{${N}}`],
  ['up{namespace=~".*"}', `up{${N}}`],
  ['up{namespace!~"ours"}', `up{${N}}`],
  ['up{namespace!~"ours",namespace="theirs",a="b",namespace=~"."}', `up{a="b",${N}}`],
  ["up{namespace='theirs'}", `up{${N}}`],
  ['up{namespace=`theirs`}', `up{${N}}`],
  ['{namespace="theirs"}', `{${N}}`],
  ['{Namespace="theirs"}', `{Namespace="theirs",${N}}`],
  ['up { namespace = "theirs" , }', `up{${N}}`],
  ['up[5m]', `up{${N}}[5m]`],
  ['up{job="a"}[5m] offset 1h', `up{job="a",${N}}[5m] offset 1h`],
  ['up offset -5m', `up{${N}} offset -5m`],
  ['up @ 1700000000', `up{${N}} @ 1700000000.000`],
  ['up @ -1.5', `up{${N}} @ -1.500`],
  ['up @ start() offset 5m', `up{${N}} @ start() offset 5m`],
  ['up offset 5m @ end()', `up{${N}} @ end() offset 5m`],
  ['rate(up[5m] @ end())', `rate(up{${N}}[5m] @ end())`],
  ['rate(up[5m])', `rate(up{${N}}[5m])`],
  ['max_over_time(up[1h:5m])', `max_over_time(up{${N}}[1h:5m])`],
  ['max_over_time(rate(up[5m])[1h:] @ start() offset 1d)', `max_over_time(rate(up{${N}}[5m])[1h:] @ start() offset 1d)`],
  ['max_over_time(max_over_time((up)[1h:5m])[1d:1h] offset 1w)', `max_over_time(max_over_time((up{${N}})[1h:5m])[1d:1h] offset 1w)`],
  ['sum(up)', `sum(up{${N}})`],
  ['sum by (namespace, pod) (up)', `sum by (namespace, pod) (up{${N}})`],
  ['sum(up) by (namespace)', `sum by (namespace) (up{${N}})`],
  ['SUM(up) WITHOUT (a)', `sum without (a) (up{${N}})`],
  ['sum without () (up)', `sum without () (up{${N}})`],
  ['topk(scalar(x), up)', `topk(scalar(x{${N}}), up{${N}})`],
  ['bottomk(scalar(count(x)), up)', `bottomk(scalar(count(x{${N}})), up{${N}})`],
  ['quantile(scalar(max(secret{namespace="theirs"})), up)', `quantile(scalar(max(secret{${N}})), up{${N}})`],
  ['count_values("namespace", up)', `count_values("namespace", up{${N}})`],
  ['label_replace(up, "namespace", "theirs", "a", ".*")', `label_replace(up{${N}}, "namespace", "theirs", "a", ".*")`],
  ['label_join(up, "namespace", "-", "a", "b")', `label_join(up{${N}}, "namespace", "-", "a", "b")`],
  ['label_replace(up, "x", "up{namespace=\\"theirs\\"}", "a", ".*")', `label_replace(up{${N}}, "x", "up{namespace=\\"theirs\\"}", "a", ".*")`],
  ['absent(up)', `absent(up{${N}})`],
  ['absent_over_time(up[5m])', `absent_over_time(up{${N}}[5m])`],
  ['vector(scalar(up))', `vector(scalar(up{${N}}))`],
  ['clamp(up, scalar(a), scalar(b))', `clamp(up{${N}}, scalar(a{${N}}), scalar(b{${N}}))`],
  ['round(up, scalar(a))', `round(up{${N}}, scalar(a{${N}}))`],
  ['histogram_quantile(scalar(q), sum by (le) (rate(h_bucket[5m])))', `histogram_quantile(scalar(q{${N}}), sum by (le) (rate(h_bucket{${N}}[5m])))`],
  ['predict_linear(up[1h], scalar(a))', `predict_linear(up{${N}}[1h], scalar(a{${N}}))`],
  ['quantile_over_time(scalar(a), up[5m])', `quantile_over_time(scalar(a{${N}}), up{${N}}[5m])`],
  ['holt_winters(up[5m], 0.5, scalar(a))', `holt_winters(up{${N}}[5m], 0.5, scalar(a{${N}}))`],
  ['hour(up)', `hour(up{${N}})`],
  ['up or theirs', `up{${N}} or theirs{${N}}`],
  ['up and on (pod) a unless ignoring (b, c) d', `up{${N}} and on (pod) a{${N}} unless ignoring (b, c) d{${N}}`],
  ['a * on (pod) group_left (node) b', `a{${N}} * on (pod) group_left (node) b{${N}}`],
  ['a * on (pod) group_left b', `a{${N}} * on (pod) group_left () b{${N}}`],
  ['a / ignoring (x) group_right (y) (b)', `a{${N}} / ignoring (x) group_right (y) (b{${N}})`],
  ['a > bool on (x) b', `a{${N}} > bool on (x) b{${N}}`],
  ['a > b == c', `a{${N}} > b{${N}} == c{${N}}`],
  ['-a', `-a{${N}}`],
  ['-a ^ -b', `-a{${N}} ^ -b{${N}}`],
  ['- - a offset 5m', `--a{${N}} offset 5m`],
  ['((a))', `((a{${N}}))`],
  ['a atan2 b % c', `a{${N}} atan2 b{${N}} % c{${N}}`],
  ['1 + 1', '1 + 1'],
  ['time() - 5', 'time() - 5'],
  ['"text"', '"text"'],
  ['a:b:c', `a:b:c{${N}}`],
  [':a', `:a{${N}}`],
  // Words of the language may name metrics: written so that nothing else can be read.
  ['sum', `{__name__="sum",${N}}`],
  ['by + offset', `{__name__="by",${N}} + {__name__="offset",${N}}`],
  ['and and and', `{__name__="and",${N}} and {__name__="and",${N}}`],
  ['Start{a="b"}', `{__name__="Start",a="b",${N}}`],
  ['limitk', `{__name__="limitk",${N}}`],
  ['smoothed + fill', `{__name__="smoothed",${N}} + {__name__="fill",${N}}`],
  ['rate', `rate{${N}}`],
  // What one reader takes for a comment, a blank or an escape is gone before another sees it.
  ['up # or secret', `up{${N}}`],
  ['up # comment\n or secret', `up{${N}} or secret{${N}}`],
  ['up # comment\r or secret', `up{${N}} or secret{${N}}`],
  ['up{a="# no comment"}', `up{a="# no comment",${N}}`],
  ['up{ # }\n a="b"}', `up{a="b",${N}}`],
  ['up\t{\r\n}', `up{${N}}`],
  ['up{a="x\\"} or secret{b=\\""}', `up{a="x\\"} or secret{b=\\"",${N}}`],
  ["up{a='x\"} or secret{b='}", `up{a="x\\"} or secret{b=",${N}}`],
  ['up{a=`\\`}', `up{a="\\\\",${N}}`],
  ['up{a="\\x22} or secret{b=\\042"}', `up{a="\\"} or secret{b=\\"",${N}}`],
  ['up{a="\\u0022\\U0001F600"}', `up{a="\\"😀",${N}}`],
  ['up{a="\\n\\t\\\\"}', `up{a="\\n\\t\\\\",${N}}`],
  ['up{a=`line\nline`}', `up{a="line\\nline",${N}}`],
  ['0x1F + 010 + .5 + 1. + 1e3 + Inf - NaN', '31 + 8 + 0.5 + 1 + 1000 + +Inf - NaN'],
]

t.test('every selector is limited, wherever it stands', async t => {
  for (const [text, expected] of rewrites) t.equal(limited(text), expected, text)
})

t.test('what was limited is read again as the same, and limiting it again changes nothing', async t => {
  for (const [text, expected] of rewrites) t.equal(limited(expected), expected, text)
})

const refused: [text: string, reason: string][] = [
  ['', '1:1: parse error: no expression found in input'],
  ['# nothing', '1:1: parse error: no expression found in input'],
  ['info(up)', '1:1: parse error: unknown function with name "info"'],
  ['limitk(5, up)', '1:1: parse error: unknown function with name "limitk"'],
  ['sort_by_label(up, "a")', '1:1: parse error: unknown function with name "sort_by_label"'],
  ['{"my.metric"}', '1:2: parse error: unexpected string "\\"my.metric"... in label matching, expected identifier or "}"'],
  ['{"my.metric",namespace="theirs"}', '1:2: parse error: unexpected string "\\"my.metric"... in label matching, expected identifier or "}"'],
  ['up{"namespace"="theirs"}', '1:4: parse error: unexpected string "\\"namespace"... in label matching, expected identifier or "}"'],
  ['up{namespace="a" or namespace="b"}', '1:18: parse error: unexpected identifier "or" in label matching, expected "," or "}"'],
  ['up anchored', '1:4: parse error: unexpected identifier "anchored"'],
  ['rate(up[5m] smoothed)', '1:13: parse error: unexpected identifier "smoothed"'],
  ['up + fill (0) up', '1:6: parse error: unknown function with name "fill"'],
  ['up[5m+1m]', '1:6: parse error: unexpected <op:+> in subquery or range, expected ":" or "]"'],
  ['up[300]', '1:4: parse error: missing unit character in duration'],
  ['up[step()]', '1:4: parse error: bad duration syntax: "st"'],
  ['up offset (5m)', '1:11: parse error: unexpected "(" in offset, expected duration'],
  ['5m', '1:1: parse error: unexpected duration "5m"'],
  ['up{__name__="secret"}', '1:1: parse error: metric name must not be set twice: "up" or "secret"'],
  ['{}', '1:1: parse error: vector selector must contain at least one non-empty matcher'],
  ['{namespace=~".*"}', '1:1: parse error: vector selector must contain at least one non-empty matcher'],
  ['up{a="b"}{c="d"}', '1:10: parse error: unexpected "{"'],
  ['up} or secret{', '1:3: parse error: unexpected character: \'}\''],
  ['up) or (secret', '1:4: parse error: unexpected right parenthesis \')\''],
  ['a / ignoring (x) group_right (b)', '1:33: parse error: unexpected end of input'],
  ['up or', '1:6: parse error: unexpected end of input'],
  ['up secret', '1:4: parse error: unexpected identifier "secret"'],
  ['up;secret', '1:3: parse error: unexpected character: \';\''],
  ['up\0', '1:3: parse error: unexpected character: \'\\x00\''],
  ['up\u00a0or secret', '1:3: parse error: unexpected character: \'\\u00a0\''],
  ['up{a="b}', '1:6: parse error: unterminated quoted string'],
  ['up{a="b\n"}', '1:6: parse error: unterminated quoted string'],
  ['up{a=`b}', '1:6: parse error: unterminated raw string'],
  ['up{a="\\q"}', '1:6: parse error: unknown escape sequence U+0071 \'q\''],
  ['up{a="\\ud800"}', '1:6: parse error: escape sequence is an invalid Unicode code point'],
  ['up{a="\ud800"}', '1:6: parse error: invalid UTF-8 rune'],
  ['up{a="\\xff"}', '1:6: parse error: error unquoting string "\\"\\\\xff\\"": invalid UTF-8'],
  ['up{a=~"("}', '1:4: parse error: error parsing regexp: missing closing ): `^(?:()$`'],
  ['up{a=~"b)|(c"}', '1:4: parse error: error parsing regexp: unexpected ): `b)|(c`'],
  ['label_replace(up, "a")', '1:1: parse error: expected 5 argument(s) in call to "label_replace", got 2'],
  ['sum("a")', '1:5: parse error: expected type instant vector in aggregation expression, got string'],
  ['rate(up)', '1:6: parse error: expected type range vector in call to function "rate", got instant vector'],
  ['vector(rate(up[5m]))', '1:8: parse error: expected type scalar in call to function "vector", got instant vector'],
]

t.test('what is not certain is refused, in the words of Prometheus', async t => {
  for (const [text, message] of refused) t.throws(() => limited(text), { message }, quote(text))
})

t.test('whatever is short enough to be read can be limited', async t => {
  for (const operand of ['a', 'sum by (a) (rate(m{a="b"}[5m]))', `m{a="${'x'.repeat(190)}"}`, '(m > 5)']) {
    for (const operator of [' + ', ' or ', ' ^ ']) {
      const chain = Array(145).fill(operand).join(operator)
      t.equal(limited(chain).split(N).length, 146, `${operand.slice(0, 20)}${operator}…`)
    }
  }
})

t.test('conditions of any kind, on more labels than one', async t => {
  const conditions = [{ label: 'cluster', operator: '=~', value: '(a|b)' }, { label: 'namespace', operator: '!=', value: 'x"y\\\n' }] as const
  t.equal(enforce('up{cluster="c"} - sum(a{namespace="d",e="f"})', conditions), 'up{cluster=~"(a|b)",namespace!="x\\"y\\\\\\n"} - sum(a{cluster=~"(a|b)",e="f",namespace!="x\\"y\\\\\\n"})')
  t.ok(isRefused(() => enforce('up', [])), 'no condition is no limit')
  t.ok(isRefused(() => enforce('up', [conditions[0], conditions[0]])))
  t.ok(isRefused(() => enforce('up', [{ label: 'a"b', operator: '=', value: '' }])))
  t.ok(isRefused(() => enforce('up', [{ label: '__name__', operator: '=', value: 'a' }])))
  t.ok(isRefused(() => restrict('up', { namespace: '' })), 'an empty namespace would mean series of none')
})

t.test('a namespace is a value and nothing else', async t => {
  for (const namespace of ['x"} or up{namespace="theirs', '\\', '\\"', '\n', "'", '`', '#', '\u2028', '😀', '\ufffd', 'holt_winters(']) {
    const text = 'sum(up) / topk(scalar(x), up)'
    t.same(selectors(restrict(text, { namespace })).map(({ matchers }) => matchers), Array(3).fill([{ label: 'namespace', operator: '=', value: namespace }]), quote(namespace))
  }
})

t.test('the second reader refuses what is not limited everywhere', async t => {
  const condition = [{ label: 'namespace', operator: '=', value: 'ours' }] as const
  const rows: [text: string, count: number, isGood: boolean][] = [
    [`up{${N}}`, 1, true],
    [`up{${N}} or up{${N},a="b"}`, 2, true],
    [`holt_winters(up{${N}}[5m], 0.5, 0.5)`, 1, true],
    [`up{${N}} or up`, 2, false],
    [`up{${N}} or up{namespace="theirs"}`, 2, false],
    [`up{${N},namespace="theirs"}`, 1, false],
    [`up{${N},namespace=~".+"}`, 1, false],
    [`up{${N},"namespace"="theirs"}`, 1, false],
    [`{"up",${N}}`, 1, false],
    [`up{${N}} or up{${N}}`, 1, false],
    [`up{${N}}`, 2, false],
    ['up{namespace=~"ours"}', 1, false],
    [`up{a="${N.replaceAll('"', '\\"')}"}`, 1, false],
    [`up{${N}`, 1, false],
    [`up{${N}} secret`, 1, false],
    [`topk(scalar(x), up{${N}})`, 2, false],
  ]
  for (const [text, count, isGood] of rows) {
    if (isGood) t.doesNotThrow(() => { verify(text, count, condition) }, text)
    else t.ok(isRefused(() => { verify(text, count, condition) }), text)
  }
})

t.test('a pattern that repeats nothing for ever is read at once', async t => {
  const pattern = '((((){1000}){1000}){1000}){1000}'
  t.equal(limited(`{a=~"${pattern}"}`), `{a=~"${pattern}",${N}}`)
})

t.test('whatever is asked, nothing goes out unlimited', async t => {
  const pieces = ['up', 'secret', '{', '}', '(', ')', '[', ']', '5m', ':', ',', '"', "'", '`', '\\', '#', '\n', '\r', ' ', 'namespace', '=', '!=', '=~', '!~', '"theirs"', 'sum', 'by', 'on', 'group_left', 'or', 'unless', '-', '+', '^', 'offset', '@', 'start()', '1', '.', '0x', 'e', 'rate', 'topk', 'label_replace', 'bool', '\0', '\u00a0', 'é', '__name__', 'info']
  fc.assert(fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 30 }), parts => {
    let text: string
    try {
      text = limited(parts.join(parts.length % 2 ? ' ' : ''))
    } catch (error) {
      return error instanceof PromQLError || error instanceof RestrictionError
    }
    let isLimited = true
    parser.configure({ strict: true }).parse(text.replaceAll('holt_winters', 'day_of_month')).iterate({ enter: ({ name, from, to }) => { if (name === 'VectorSelector') isLimited &&= text.slice(from, to).endsWith(`${N}}`) || text.slice(from, to).includes(`${N},`) } })
    return isLimited
  }), { numRuns: 5000 })
})
