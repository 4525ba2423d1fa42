import t from 'tap'
import { parseAnswer } from '../../../../core/services/prometheus/parse.js'
import { fakeServer, matrix, success, vector } from './fake-server.js'

const points = (count: number, value = (i: number) => String((i + 1) / 7)) => Array.from({ length: count }, (_, i) => [1_600_000_000 + i * 60, value(i)])
/** Some MiB of series, some with names that look like the text around them. */
const tricky = ['"', '{"metric":', ',{"metric":{"a":"b"}}', '\\', '"result":[{"metric":', 'é☃😀', '\n']
const large = Array.from({ length: 100 }, (_, i) => ({ metric: { name: `${tricky[i % tricky.length]}-${i}` }, values: points(800) }))

const texts: [name: string, text: string][] = [
  ['many series', matrix(...large)],
  ['one series', matrix({ metric: {}, values: points(80_000) })],
  ['vectors', vector(...Array.from({ length: 50_000 }, (_, i) => ({ metric: { name: `${tricky[i % tricky.length]}-${i}` }, value: [1, '2'] })))],
  ['white space', JSON.stringify(JSON.parse(matrix(...large)), null, 1)],
  ['fields before and after', JSON.stringify({ a: [{ metric: 1 }], status: 'success', data: { result: large, resultType: 'matrix', stats: {} }, warnings: ['w'] })],
  ['a result elsewhere', JSON.stringify({ result: large, data: { result: 'none' } })],
  ['two results', JSON.stringify({ status: 'success', data: { resultType: 'matrix', result: large }, more: { result: large }, result: [{ metric: 1 }] })],
  ['a partial answer', matrix(...large).replace('"data"', '"isPartial":true,"data"')],
  ['what is no list of series', success(Array.from({ length: 100_000 }, (_, i) => ({ name: `series-${i}` })))],
]

for (const [name, text] of texts) {
  t.test(`${name}: the same as parsed at once`, async t => {
    t.ok(text.length > 2 * 1024 * 1024)
    t.ok(JSON.stringify(await parseAnswer(text)) === JSON.stringify(JSON.parse(text)))
    for (const part of [0.3, 0.999]) {
      const cut = text.slice(0, Math.floor(text.length * part))
      await t.rejects(parseAnswer(cut), SyntaxError)
      const broken = `${cut}]${text.slice(cut.length)}`
      let error: unknown
      try { JSON.parse(broken) } catch (thrown) { error = thrown }
      if (error) await t.rejects(parseAnswer(broken), { message: (error as Error).message })
    }
  })
}

t.test('a large answer over HTTP', async t => {
  const { prometheus } = await fakeServer(t, response => { response.end(matrix(...large)) })
  const { data, error } = await prometheus.queryRange('up', { start: 1_600_000_000, end: 1_600_000_000 + 799 * 60, step: 60 })
  t.equal(error, undefined)
  t.ok(JSON.stringify(data.result) === JSON.stringify(large))
})

t.test('numbers in other forms are put right, however many came in the normal one', async t => {
  const odd = ['1e3', '1.50', '01', '-0.0', '1.5e-7', 'nan', '.5']
  const { prometheus } = await fakeServer(t, response => { response.end(matrix({ metric: {}, values: [...points(5_000), ...points(odd.length, i => odd[i] ?? '')] })) })
  const { data } = await prometheus.queryRange('up', { start: 1, end: 2, step: 1 })
  t.strictSame(data.result?.[0]?.values?.slice(-odd.length).map(([, value]) => value), ['1000', '1.5', '1', '-0', '0.00000015', 'NaN', '0.5'])
})

t.test('a server that writes more digits than are needed', async t => {
  const { prometheus } = await fakeServer(t, response => { response.end(matrix({ metric: {}, values: points(5_000, i => ((i + 1) / 10).toPrecision(17)) })) })
  const { data } = await prometheus.queryRange('up', { start: 1, end: 2, step: 1 })
  t.strictSame(data.result?.[0]?.values?.map(([, value]) => value), points(5_000, i => String((i + 1) / 10)).map(([, value]) => value))
})
