import fc from '../helpers/fast-check.js'
import t from 'tap'
import { LinearRegExp } from '../../core/regexp/index.js'

const table: [string, string[], string[]][] = [
  ['', ['', 'a'], []],
  ['b', ['abc'], ['ac']],
  ['^b', ['bc'], ['ab', 'a\nb']],
  ['(?m)^b$', ['a\nb\nc'], ['ab']],
  ['b$', ['ab'], ['ab\n', 'ba']],
  ['^(a|bc)*$', ['', 'abca'], ['ab']],
  ['^a{2,3}$', ['aa', 'aaa'], ['a', 'aaaa']],
  ['^a{2,}$', ['aa', 'aaaaa'], ['a']],
  ['^a{2}$', ['aa'], ['a', 'aaa']],
  ['^(a{0,9}b()?){31}$', ['b'.repeat(31), 'ab'.repeat(31)], ['a']],
  ['^a{0}$', [''], ['a']],
  ['^a{,2}$', ['a{,2}'], ['a']],
  ['^(a*)*$', ['', 'aaa'], ['b']],
  ['^a+?b??c*?$', ['abc', 'aac'], ['bc']],
  ['^.$', ['a', '😀', '\r'], ['\n', 'ab', '']],
  ['(?s)^.$', ['\n'], ['']],
  ['^[]a]$', [']', 'a'], ['b']],
  ['^[^]a]$', ['b'], [']', 'a']],
  ['^[a-c-]$', ['b', '-'], ['d']],
  ['^[\\w.-]+$', ['a_b.c-d'], ['a b']],
  ['^[[:alpha:][:digit:]]+$', ['aB1'], ['a-b']],
  ['^[[:^digit:]]$', ['a'], ['1']],
  ['^\\d\\D\\w\\W\\s\\S$', ['1aa- a'], ['aaa- a']],
  ['^\\p{Lu}\\pL\\P{Greek}$', ['Aéz'], ['aéz', 'Aéλ']],
  ['^(?i)abc$', ['ABC', 'aBc'], ['abd']],
  ['^(?i:a)b$', ['Ab'], ['AB']],
  ['^(?i)[a-c]+$', ['aBC'], ['d']],
  ['^(?P<x>a)(?<y>b)(?:c)$', ['abc'], ['ab']],
  ['\\bfoo\\b', ['a foo b', 'foo'], ['food', 'afoo']],
  ['\\Bfoo', ['afoo'], ['foo']],
  ['\\Aa\\z', ['a'], ['a\n']],
  ['^\\Qa.b*\\E$', ['a.b*'], ['axb']],
  ['^\\x41\\x{42}\\t\\.\\-\\_\\/$', ['AB\t.-_/'], ['AB']],
  ['^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$', ['1', '1.5Gi', '.5', '1e3', '-100m'], ['', 'Gi', '1Gb']],
]

t.test('matches', async t => {
  for (const [source, right, wrong] of table) {
    const pattern = new LinearRegExp(source)
    for (const text of right) t.equal(pattern.test(text), true, `${source} ${JSON.stringify(text)}`)
    for (const text of wrong) t.equal(pattern.test(text), false, `${source} ${JSON.stringify(text)}, not`)
  }
})

const wrong: [string, string][] = [
  ['(', 'missing closing ): `(`'],
  ['a)', 'unexpected ): `a)`'],
  ['[a', 'missing closing ]: `[a`'],
  ['[z-a]', 'invalid character class range: `z-a`'],
  ['*a', 'missing argument to repetition operator: `*`'],
  ['a**', 'invalid nested repetition operator: `**`'],
  ['a{2,1}', 'invalid repeat count: `{2,1}`'],
  ['a{1001}', 'invalid repeat count: `{1001}`'],
  ['(?=a)', 'invalid or unsupported Perl syntax: `(?=`'],
  ['(?!a)', 'invalid or unsupported Perl syntax: `(?!`'],
  ['(?<=a)', 'invalid or unsupported Perl syntax: `(?<=`'],
  ['(?<!a)', 'invalid or unsupported Perl syntax: `(?<!`'],
  ['(a)\\1', 'invalid escape sequence: `\\1`'],
  ['\\k', 'invalid escape sequence: `\\k`'],
  ['a\\', 'trailing backslash at end of expression: `\\`'],
  ['\\p{Nothing}', 'invalid character class range: `\\p{Nothing}`'],
  ['((a{100}){100}){100}', 'expression too large'],
  ['((((){1000}){1000}){1000}){1000}', 'expression too large'],
  [`(?:${'|'.repeat(30_000)}){1000}`, 'expression too large'],
  ['('.repeat(101) + ')'.repeat(101), `expression nests too deeply: \`${'('.repeat(101)}${')'.repeat(101)}\``],
]

t.test('what is none', async t => {
  for (const [source, message] of wrong) t.throws(() => new LinearRegExp(source), { message: `error parsing regexp: ${message}` }, source.slice(0, 40))
  t.throws(() => new LinearRegExp('a{9}', { most: 9 }), { message: 'error parsing regexp: expression too large' }, 'as large as is allowed')
})

t.test('time is linear: what backtracks for ages ends here', async t => {
  const password = '^(.*[a-z].*[A-Z].*[0-9].*)$|^(.*[a-z].*[0-9].*[A-Z].*)$|^(.*[A-Z].*[a-z].*[0-9].*)$'
  for (const source of ['^(a+)+$', '^(a|a)*$', '^(a*)*b$', '^(.*a){20}$', password]) t.equal(new LinearRegExp(source).test('a'.repeat(4095) + '\n'), false, source)
})

const { pattern } = fc.letrec<{ pattern: string }>(tie => ({
  pattern: fc.oneof({ depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\w', '\\b', '^', '$', ''),
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => a + b),
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `(${a}|${b})`),
    fc.tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{2}', '{1,2}')).map(([a, sign]) => `(?:${a})${sign}`)),
}))

t.test('property: as the engine of the language', async t => {
  const text = fc.array(fc.constantFrom('a', 'b', ' ', '\n'), { maxLength: 6 }).map(parts => parts.join(''))
  fc.assert(fc.property(pattern, fc.array(text, { maxLength: 4 }), (source, texts) => {
    const [ours, theirs] = [new LinearRegExp(source), new RegExp(source, 'u')]
    return texts.every(text => ours.test(text) === theirs.test(text))
  }), { numRuns: 500 })
})
