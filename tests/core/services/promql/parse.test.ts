import fc from '../../../helpers/fast-check.js'
import t from 'tap'
import { PromQLError, canonical, maxExpressionLength, metricNames, parsePromQL, quote, selectors } from '../../../../core/services/promql/index.js'

const spellings: [text: string, expected: string][] = [
  ['SUM(up) BY (a,b)', 'sum by (a, b) (up)'],
  ['sum by () (up)', 'sum(up)'],
  ['a{z="1",b=\'2\',c=~`3`,}', 'a{b="2",c=~"3",z="1"}'],
  ['{__name__="a",b="c"}', '{__name__="a",b="c"}'],
  ['a[60s]', 'a[1m]'],
  ['a[1d12h] offset 14d', 'a[1d12h] offset 2w'],
  ['a[1y2w3d4h5m6s7ms]', 'a[382d4h5m6s7ms]'],
  ['a[365d]', 'a[1y]'],
  ['a[1500ms]', 'a[1s500ms]'],
  ['a[1h:]', 'a[1h:]'],
  ['a offset 5m @ 1609746000', 'a @ 1609746000.000 offset 5m'],
  ['a @ 1.0004', 'a @ 1.000'],
  ['a @ -0.0006', 'a @ -0.001'],
  ['(a)', '(a)'],
  ['1 - -2', '1 - -2'],
  ['--1', '1'],
  ['-(1)', '-(1)'],
  ['2^3^4', '2 ^ 3 ^ 4'],
  ['0.00001 + 0.0001 + 1e21 + 1000000 + 999999 + 12345678 + -0', '1e-05 + 0.0001 + 1e+21 + 1e+06 + 999999 + 1.2345678e+07 + -0'],
  ['inf - +Inf + nAn', '+Inf - +Inf + NaN'],
  ['a == bool on() b', 'a == bool on () b'],
  ['a + ignoring() b', 'a + b'],
  ['a OR ON(x) b', 'a or on (x) b'],
  ['a * ignoring(x) group_right b', 'a * ignoring (x) group_right () b'],
  ['count_values("v", a)', 'count_values("v", a)'],
  ['label_replace(a, "b", "$1", "c", "(.*)\\\\d")', 'label_replace(a, "b", "$1", "c", "(.*)\\\\d")'],
  ['"é\u00ad\u2028"', '"é\\u00ad\\u2028"'],
  ['time()', 'time()'],
]

t.test('one spelling for all that mean the same', async t => {
  for (const [text, expected] of spellings) {
    t.equal(canonical(text), expected, quote(text))
    t.equal(canonical(expected), expected, `${quote(expected)}, again`)
  }
})

t.test('what binds how', async t => {
  const shape = (text: string): unknown => {
    const walk = (part: ReturnType<typeof parsePromQL>): unknown => 'operands' in part ? [part.kind === 'binary' || part.kind === 'unary' ? part.operator : part.kind, ...part.operands.map(walk)] : part.kind === 'selector' ? part.name : part.kind === 'number' ? part.value : part.kind
    return walk(parsePromQL(text))
  }
  const rows: [string, unknown][] = [
    ['a + b * c', ['+', 'a', ['*', 'b', 'c']]],
    ['a - b - c', ['-', ['-', 'a', 'b'], 'c']],
    ['a ^ b ^ c', ['^', 'a', ['^', 'b', 'c']]],
    ['-a ^ b', ['-', ['^', 'a', 'b']]],
    ['-a * b', ['*', ['-', 'a'], 'b']],
    ['a ^ -b * c', ['*', ['^', 'a', ['-', 'b']], 'c']],
    ['-1 ^ 2', ['-', ['^', 1, 2]]],
    ['a or b and c', ['or', 'a', ['and', 'b', 'c']]],
    ['a unless b and c', ['and', ['unless', 'a', 'b'], 'c']],
    ['a > b + c', ['>', 'a', ['+', 'b', 'c']]],
    ['a atan2 b % c', ['%', ['atan2', 'a', 'b'], 'c']],
    ['a and b > c', ['and', 'a', ['>', 'b', 'c']]],
  ]
  for (const [text, expected] of rows) t.same(shape(text), expected, text)
})

const wrong: [text: string, message: string][] = [
  ['sum(', '1:5: parse error: unclosed left parenthesis'],
  ['a +\n  (b', '2:5: parse error: unclosed left parenthesis'],
  ['"é" + é', '1:8: parse error: unexpected character: \'é\''],
  ['a[5m', '1:5: parse error: unclosed left bracket'],
  ['a{', '1:3: parse error: unexpected end of input inside braces'],
  ['a{b}', '1:4: parse error: unexpected "}" in label matching, expected label matching operator'],
  ['a{b=}', '1:5: parse error: unexpected "}" in label matching, expected string'],
  ['a{b="c" d="e"}', '1:9: parse error: unexpected identifier "d" in label matching, expected "," or "}"'],
  ['a{,}', '1:3: parse error: unexpected "," in label matching, expected identifier or "}"'],
  ['a{1="b"}', '1:3: parse error: unexpected character inside braces: \'1\''],
  ['a]', '1:2: parse error: unexpected right bracket \']\''],
  ['a[[5m]', '1:3: parse error: missing unit character in duration'],
  ['a[5m:1m:]', '1:8: parse error: unexpected colon \':\''],
  ['a[5m', '1:5: parse error: unclosed left bracket'],
  ['a[0s]', '1:3: parse error: duration must be greater than 0'],
  ['a[1h1d]', '1:3: parse error: not a valid duration string: "1h1d"'],
  ['a[300y]', '1:3: parse error: duration out of range'],
  ['a[1h30]', '1:3: parse error: bad duration syntax: "1h30"'],
  ['5x', '1:1: parse error: bad number or duration syntax: "5"'],
  ['1e', '1:1: parse error: error parsing number: strconv.ParseFloat: parsing "1e": invalid syntax'],
  ['1e999', '1:1: parse error: error parsing number: strconv.ParseFloat: parsing "1e999": value out of range'],
  ['a offset 5', '1:10: parse error: unexpected number "5" in offset, expected duration'],
  ['a @ b', '1:5: parse error: unexpected identifier "b" in @, expected timestamp'],
  ['a @ 1e400', '1:5: parse error: error parsing number: strconv.ParseFloat: parsing "1e400": value out of range'],
  ['a @ inf', '1:1: parse error: timestamp out of bounds for @ modifier: +Inf'],
  ['a offset 5m offset 5m', '1:1: parse error: offset may not be set multiple times'],
  ['a @ 1 @ 2', '1:1: parse error: @ <timestamp> may not be set multiple times'],
  ['1 offset 5m', '1:1: parse error: offset modifier must be preceded by an instant vector selector or range vector selector or a subquery'],
  ['(a) @ 5', '1:1: parse error: @ modifier must be preceded by an instant vector selector or range vector selector or a subquery'],
  ['a offset 5m[5m]', '1:12: parse error: no offset modifiers allowed before range'],
  ['a @ 5[5m]', '1:6: parse error: no @ modifiers allowed before range'],
  ['(a)[5m]', '1:4: parse error: ranges only allowed for vector selectors'],
  ['a[5m][5m]', '1:6: parse error: ranges only allowed for vector selectors'],
  ['rate(a[5m])[5m', '1:15: parse error: unclosed left bracket'],
  ['a[5m][5m:]', '1:1: parse error: subquery is only allowed on instant vector, got matrix instead'],
  ['nothing(a)', '1:1: parse error: unknown function with name "nothing"'],
  ['RATE(a[5m])', '1:1: parse error: unknown function with name "RATE"'],
  ['abs(a,)', '1:6: parse error: trailing commas not allowed in function call args'],
  ['abs()', '1:1: parse error: expected 1 argument(s) in call to "abs", got 0'],
  ['round(a, 1, 2)', '1:1: parse error: expected at most 2 argument(s) in call to "round", got 3'],
  ['label_join(a)', '1:1: parse error: expected at least 3 argument(s) in call to "label_join", got 1'],
  ['sum()', '1:1: parse error: no arguments for aggregate expression provided'],
  ['topk(a)', '1:1: parse error: wrong number of arguments for aggregate expression provided, expected 2, got 1'],
  ['topk("a", b)', '1:6: parse error: expected type scalar in aggregation parameter, got string'],
  ['sum by a (b)', '1:8: parse error: unexpected identifier "a" in grouping opts, expected "("'],
  ['sum by (without) (b)', '1:9: parse error: unexpected <without> in grouping opts, expected label'],
  ['sum by (a) b', '1:12: parse error: unexpected identifier "b" in aggregation'],
  ['sum(a b)', '1:7: parse error: unexpected identifier "b" in aggregation'],
  ['sum(a) b', '1:8: parse error: unexpected identifier "b"'],
  ['1 == 1', '1:3: parse error: comparisons between scalars must use BOOL modifier'],
  ['a + bool b', '1:3: parse error: bool modifier can only be used on comparison operators'],
  ['a and 1', '1:1: parse error: set operator "and" not allowed in binary scalar expression'],
  ['a and on(x) group_left b', '1:1: parse error: no grouping allowed for "and" operation'],
  ['a * on(x) group_left(x) b', '1:3: parse error: label "x" must not occur in ON and GROUP clause at once'],
  ['a + on(x) 1', '1:1: parse error: vector matching only allowed between instant vectors'],
  ['a * group_left b', '1:5: parse error: unexpected <group_left>'],
  ['-"a"', '1:1: parse error: unary expression only allowed on expressions of type scalar or instant vector, got "string"'],
  ['"a" + 1', '1:1: parse error: binary expression must contain only scalar and instant vector types'],
  ['a =~ "b"', '1:3: parse error: unexpected character after \'=\': \'~\''],
  ['a ! b', '1:3: parse error: unexpected character after \'!\': \' \''],
  ['a = b', '1:3: parse error: unexpected "="'],
]

t.test('what is wrong is said as Prometheus says it, and where', async t => {
  for (const [text, message] of wrong) t.throws(() => parsePromQL(text), { message }, quote(text))
})

t.test('nothing that is sent here takes long or breaks', async t => {
  const long = maxExpressionLength - 10
  const hostile = [
    '('.repeat(long), 'abs('.repeat(long / 4), '-'.repeat(long), 'a^'.repeat(long / 2), 'a+'.repeat(long / 2) + 'a', 'a' + '[5m:]'.repeat(long / 5), '{'.repeat(long), '"'.repeat(long), '\\'.repeat(long), `"${'\\'.repeat(long)}`,
    '"' + 'x'.repeat(long), '#'.repeat(long), '#\n'.repeat(long / 2), '@'.repeat(long), '\0'.repeat(long), '1'.repeat(long), `0x${'f'.repeat(long)}`, `a[${'1'.repeat(long)}s]`, `a${' offset 5m'.repeat(long / 10)}`, `a{${'b="c",'.repeat(long / 7)}`,
    `sum by (${'a,'.repeat(long / 2)}`, 'a{b=~"((((a{1,100}){1,100}){1,100}){1,100})"} +', 'a'.repeat(1_000_000), '('.repeat(1_000_000), '\ud800'.repeat(long),
  ]
  for (const text of hostile) {
    let refusal: unknown
    try { parsePromQL(text) } catch (error) { refusal = error }
    t.ok(refusal instanceof PromQLError, `${quote(text.slice(0, 10))}…`)
  }
  const nested = [`${'('.repeat(140)}a${')'.repeat(140)}`, Array(140).fill('a').join(' + '), `${'-('.repeat(60)}a${')'.repeat(60)}`, Array(140).fill('a').join(' ^ ')]
  for (const text of nested) t.equal(canonical(text), text)
})

t.test('a text is read the same way twice, whatever it is', async t => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), text => {
    const read = (): string => {
      try { return canonical(text) } catch (error) { return error instanceof PromQLError ? error.message : String(error) }
    }
    const first = read()
    return first === read() && !/RangeError|TypeError/.test(first)
  }), { numRuns: 2000 })
})

t.test('what an expression reads', async t => {
  const text = 'sum by (a) (rate(x_total{b="c"}[5m])) / on (a) {__name__="y"} + max_over_time(topk(scalar(z), x_total)[1h:]) or {__name__=~"w.*"}'
  t.same(metricNames(text), ['x_total', 'y', 'z'])
  t.same(selectors(text).map(({ name, matchers, range }) => [name, matchers.length, range]), [['x_total', 1, 300_000], ['', 1, undefined], ['z', 0, undefined], ['x_total', 0, undefined], ['', 1, undefined]])
  t.same(metricNames('1 + time()'), [])
})
