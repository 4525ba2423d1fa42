import t from 'tap'
import { parseDashboard } from '../../../plugins/monitoring-dashboard/parse.js'
import { warningsOf } from '../../../plugins/monitoring-dashboard/warnings.js'

t.test('what a dashboard is read from', async t => {
  const prefix = 'could parse input: could not unmarshall dashboard: '
  const rows: [string, string, object | string][] = [
    ['an object', '{"title":"A"}', { title: 'A' }],
    ['nothing', '{}', {}],
    ['null', 'null', {}],
    ['blanks around', ' \n{}\t', {}],
    ['no text', '', 'unexpected end of JSON input'],
    ['a page', '<html>secret</html>', 'it is not JSON'],
    ['a part', '{"a":', 'it is not JSON'],
    ['more than one', '{}{}', 'it is not JSON'],
    ['a list', '[]', 'it is not a JSON object'],
    ['a text', '"secret"', 'it is not a JSON object'],
    ['a number', '1', 'it is not a JSON object'],
    ['a number out of range', '{"panels":[{"span":1e400}]}', 'a number is out of range'],
    ['a number below the range', '{"x":-1e999}', 'a number is out of range'],
    ['a prototype', '{"__proto__":{"a":1}}', 'the key "__proto__" is not allowed in a body'],
    ['a prototype in disguise', '{"panels":[{"\\u005f_proto__":1}]}', 'the key "__proto__" is not allowed in a body'],
    ['64 levels', `${'{"a":'.repeat(63)}{}${'}'.repeat(63)}`, JSON.parse(`${'{"a":'.repeat(63)}{}${'}'.repeat(63)}`) as object],
    ['65 levels', `${'{"a":'.repeat(65)}1${'}'.repeat(65)}`, 'it is nested deeper than 64 levels'],
    ['lists without end', '['.repeat(100_000), 'it is nested deeper than 64 levels'],
    ['long lists', `{"panels":[${'0,'.repeat(100_000)}0]}`, 'its lists have more than 100000 members'],
    ['many keys', `{${Array.from({ length: 100_001 }, (_, i) => `"k${i}":0`).join()}}`, 'it has more than 100000 keys'],
  ]
  for (const [what, text, becomes] of rows) {
    if (typeof becomes === 'string') t.throws(() => parseDashboard(text), { message: prefix + becomes, code: 400 }, what)
    else t.strictSame(parseDashboard(text), becomes, what)
  }
  t.equal(({} as { a?: number }).a, undefined)
})

t.test('warnings are headers', async t => {
  t.same(warningsOf(['panel 1 "CPU\\" \r\n监 é" is left out']), ['299 - "panel 1 \\"CPU\\\\\\" ??? ?\\" is left out"'])
  const many = warningsOf(Array.from({ length: 50 }, () => 'x"'.repeat(1000)))
  t.equal(many.length, 21)
  t.equal(many.at(-1), '299 - "and 30 more"')
  t.ok(many.join().length < 8192)
})
