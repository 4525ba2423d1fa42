import type { ServerResponse } from 'node:http'
import { Registry } from 'prom-client'
import t from 'tap'
import { createPrometheus } from '../../../../core/services/prometheus/index.js'
import type { AskOptions, QueryAnswer } from '../../../../core/services/prometheus/types.js'
import { until } from '../../../helpers/until.js'
import { fakeServer, matrix, one, success } from './fake-server.js'

const good = { data: { resultType: 'vector', result: [{ metric: { job: 'a' }, value: [1700000000, '1'] }] } }

/** A server that keeps its questions until they are let go. */
async function held (t: Parameters<typeof fakeServer>[0], options: Parameters<typeof fakeServer>[2] = {}) {
  const waiting: ServerResponse[] = []
  let gone = 0
  const fake = await fakeServer(t, response => {
    waiting.push(response)
    response.on('close', () => { if (!response.writableEnded) gone++ })
  }, options)
  return { ...fake, waiting, gone: () => gone, letGo () { for (const response of waiting.splice(0)) response.end(one) } }
}

const abortable = () => {
  const controller = new AbortController()
  return { leave: () => { controller.abort() }, signal: controller.signal }
}

t.test('what is asked at the same time is sent once', async t => {
  const { prometheus, asked, waiting, letGo } = await held(t)
  const grid = { start: 0, end: 60, step: 60 }
  const answers = [
    ...Array.from({ length: 20 }, (_, i) => prometheus.query('up', 5, { caller: `viewer-${i}` })),
    prometheus.query('up', 6), prometheus.query('down', 5), prometheus.queryRange('up', grid), prometheus.queryRange('up', grid), prometheus.queryRange('up', { ...grid, step: 30 }),
  ]
  await until(() => waiting.length >= 5)
  letGo()
  const found = await Promise.all(answers)
  t.equal(asked.length, 5)
  t.strictSame(found.slice(0, 20), Array.from({ length: 20 }, () => good))
  t.not(found[0]?.data.result, found[1]?.data.result, 'each has a list of its own')
  t.not(found[0]?.data.result?.[0], found[1]?.data.result?.[0])
})

t.test('an answer is given again for a moment, an error is not', async t => {
  let fails = true
  const { prometheus, asked } = await fakeServer(t, response => { response.writeHead(fails ? 503 : 200).end(one) })
  t.match(await prometheus.query('up', 5), { error: 'server_error: server error: 503' })
  fails = false
  t.strictSame(await prometheus.query('up', 5), good)
  t.strictSame(await prometheus.query('up', 5), good)
  t.equal(asked.length, 2)
})

t.test('an answer with warnings lacks something and is not kept', async t => {
  const { prometheus, asked } = await fakeServer(t, response => { response.end(success({ resultType: 'vector', result: [] }, { warnings: ['one store is away'] })) })
  for (let i = 0; i < 3; i++) t.strictSame(await prometheus.query('up', 5), { data: { resultType: 'vector' } })
  t.equal(asked.length, 3)
})

t.test('one viewer leaves alone; the question ends with the last', async t => {
  const { prometheus, asked, waiting, gone, letGo } = await held(t)
  const [ann, bob, cid] = [abortable(), abortable(), abortable()]
  const answers = [ann, bob, cid].map(({ signal }, i) => prometheus.query('up', 5, { signal, caller: `viewer-${i}` }))
  await until(() => waiting.length === 1)
  ann.leave()
  t.match(await answers[0], { data: {}, error: 'Post "/api/v1/query": context canceled' })
  bob.leave()
  t.match(await answers[1], { error: /canceled/ })
  t.equal(gone(), 0, 'the third still waits')
  cid.leave()
  t.match(await answers[2], { error: /canceled/ })
  await until(() => gone() === 1)
  waiting.length = 0

  const again = prometheus.query('up', 5)
  await until(() => waiting.length === 1)
  letGo()
  t.strictSame(await again, good, 'who comes later asks anew')
  t.equal(asked.length, 2)
})

t.test('who has left already asks nothing', async t => {
  const { prometheus, asked } = await held(t)
  const { signal, leave } = abortable()
  leave()
  t.match(await prometheus.query('up', 5, { signal }), { data: {}, error: /canceled/ })
  t.equal(asked.length, 0)
})

t.test('one signal serves a page of questions and keeps no listeners', async t => {
  const { prometheus } = await fakeServer(t, response => { response.end(one) })
  const warnings: Error[] = []
  const warn = (warning: Error) => { warnings.push(warning) }
  process.on('warning', warn)
  t.teardown(() => process.off('warning', warn))
  const { signal } = abortable()
  let listeners = 0
  const { addEventListener, removeEventListener } = signal
  signal.addEventListener = function (...args: Parameters<typeof addEventListener>) { listeners++; addEventListener.apply(this, args) }
  signal.removeEventListener = function (...args: Parameters<typeof removeEventListener>) { listeners--; removeEventListener.apply(this, args) }
  const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => prometheus.query('up', i, { signal })))
  t.ok(answers.every(({ error }) => error === undefined))
  await new Promise(setImmediate)
  t.equal(listeners, 0)
  t.strictSame(warnings, [])
})

t.test('a waiter has its own bound', async t => {
  const { prometheus, waiting, letGo } = await held(t)
  const patient = prometheus.query('up', 5)
  const hasty = prometheus.query('up', 5, { timeout: 50 })
  t.match(await hasty, { data: {}, error: 'Post "/api/v1/query": context deadline exceeded' })
  await until(() => waiting.length === 1)
  letGo()
  t.strictSame(await patient, good)
})

t.test('callers have their turns', async t => {
  const { prometheus, asked, waiting, letGo } = await held(t, { atOnce: 4, perCaller: 3 })
  const ask = (caller: string, name: string, more: AskOptions = {}) => prometheus.query(name, 1, { caller, ...more })
  const names = () => asked.map(({ form }) => form.get('query'))
  const answers: Promise<QueryAnswer>[] = Array.from({ length: 20 }, (_, i) => ask('hog', `hog-${i}`))
  await until(() => waiting.length === 3)
  answers.push(ask('ann', 'ann-0'), ask('ann', 'ann-1'), ask('bob', 'bob-0'))
  await until(() => waiting.length === 4)
  t.strictSame(names(), ['hog-0', 'hog-1', 'hog-2', 'ann-0'], 'a caller has its share, others go on beside it')

  answers.push(ask('bob', 'hog-19'))
  waiting.splice(0, 1)[0]?.end(one)
  await until(() => asked.length === 5)
  waiting.splice(0, 1)[0]?.end(one)
  await until(() => asked.length === 6)
  waiting.splice(0, 1)[0]?.end(one)
  await until(() => asked.length === 7)
  t.ok(names().includes('bob-0') && names().includes('ann-1'), 'and come before the rest of its line')

  const over = setInterval(letGo, 5)
  t.teardown(() => { clearInterval(over) })
  t.strictSame(await Promise.all(answers), answers.map(() => good))
  t.ok(names().indexOf('hog-19') < names().indexOf('hog-18'), 'what another caller waits for, too, is not held up in the first one\'s line')
  t.equal(new Set(names()).size, names().length, 'and is sent once')
})

t.test('a line is bounded, for one caller and for all', async t => {
  const { prometheus, letGo } = await held(t, { atOnce: 1, perCaller: 1, line: { total: 5, perCaller: 3 } })
  const ask = (caller: string, count: number) => Array.from({ length: count }, (_, i) => prometheus.query(`${caller}-${i}`, 1, { caller }))
  const answers = [...ask('hog', 6), ...ask('ann', 3)]
  const full = { data: {}, error: 'too many questions are waiting for this server' }
  t.strictSame(await Promise.all([4, 5, 8].map(i => answers[i])), [full, full, full])
  const over = setInterval(letGo, 5)
  t.teardown(() => { clearInterval(over) })
  t.equal((await Promise.all(answers)).filter(({ error }) => error === undefined).length, 6)
})

t.test('waiting for a turn is part of the bound', async t => {
  const { prometheus, asked } = await held(t, { atOnce: 2, perCaller: 2, timeout: 300 })
  const answers = await Promise.all(Array.from({ length: 49 }, (_, i) => prometheus.query(`q${i}`, 1)))
  t.ok(answers.every(({ error }) => error?.endsWith('context deadline exceeded')))
  t.ok(asked.length <= 4)
})

t.test('POST is not tried again while it is known to be refused', async t => {
  const { prometheus, asked } = await fakeServer(t, (response, { method }) => { response.writeHead(method === 'POST' ? 405 : 200).end(one) })
  for (let i = 0; i < 3; i++) t.strictSame(await prometheus.query('up', i), good)
  t.strictSame(asked.map(({ method, path, form }) => [method, path, form.get('time')]), [['POST', '/api/v1/query', '0'], ['GET', '/api/v1/query', '0'], ['GET', '/api/v1/query', '1'], ['GET', '/api/v1/query', '2']])
})

t.test('a connection that ended while it was idle is no failure', async t => {
  const { prometheus, sockets, asked } = await fakeServer(t, (response, { form }) => {
    if (asked.length === 2) response.socket?.resetAndDestroy(); else response.end(one)
    t.ok(form.has('query'))
  })
  t.strictSame(await prometheus.query('up', 1), good)
  t.strictSame(await prometheus.query('up', 2), good)
  t.equal(asked.length, 3)
  t.ok(sockets.size >= 1)
})

t.test('what is sent', async t => {
  const { port, asked } = await fakeServer(t, response => { response.end(one) })
  const prometheus = createPrometheus({ endpoint: `http://reader:p%40ss@127.0.0.1:${port}/prefix/` })
  t.teardown(() => prometheus.close())
  await prometheus.query('up{a="b&c"}', 1700000000.25)
  await prometheus.queryRange('up', { start: 1700000000, end: 1700000600, step: 0.0000005 })
  await prometheus.series('{a="b"}', { start: 1, end: 2 })
  await prometheus.metadata('{namespace="n"}')
  await prometheus.get('/api/v1/rules', new URLSearchParams([['type', 'alert'], ['match[]', '{a="b"}']]))
  await prometheus.get('/api/v1/status/buildinfo', new URLSearchParams())
  t.strictSame(asked.map(({ method, path, form }) => [method, path, [...form]]), [
    ['POST', '/prefix/api/v1/query', [['query', 'up{a="b&c"}'], ['time', '1700000000.25']]],
    ['POST', '/prefix/api/v1/query_range', [['query', 'up'], ['start', '1700000000'], ['end', '1700000600'], ['step', '0.0000005']]],
    ['GET', '/prefix/api/v1/series', [['match[]', '{a="b"}'], ['start', '1'], ['end', '2']]],
    ['GET', '/prefix/api/v1/targets/metadata', [['match_target', '{namespace="n"}'], ['metric', ''], ['limit', '']]],
    ['GET', '/prefix/api/v1/rules', [['type', 'alert'], ['match[]', '{a="b"}']]],
    ['GET', '/prefix/api/v1/status/buildinfo', []],
  ])
  t.ok(asked.every(({ headers }) => headers.authorization === `Basic ${Buffer.from('reader:p@ss').toString('base64')}`))
  t.equal(asked[0]?.headers['content-type'], 'application/x-www-form-urlencoded')
})

t.test('series and metadata', async t => {
  let body = ''
  const { prometheus } = await fakeServer(t, response => { response.end(body) })
  const say = (data: unknown) => { body = success(data) }
  const range = { start: 1, end: 2 }
  say([{ __name__: 'up', job: 'a' }, {}])
  t.strictSame(await prometheus.series('up', range), { data: [{ __name__: 'up', job: 'a' }, {}] })
  say([{ metric: 'up', type: 'gauge', help: 'Up.', unit: '' }, { metric: 'up', type: 'counter', help: 'Other.' }, { metric: 'go_x', type: '', help: '' }])
  t.strictSame(await prometheus.metadata(''), { data: [{ metric: 'up', type: 'gauge', help: 'Up.' }, { metric: 'go_x' }] })
  for (const bad of [{}, [1], [null], 'x', null]) {
    say(bad)
    t.match(await prometheus.series('up', range), { error: 'json: cannot unmarshal the result of the query' })
    t.match(await prometheus.metadata(''), { error: 'json: cannot unmarshal the result of the query' })
  }
  say([{ job: 1 }])
  t.match(await prometheus.series('up', range), { error: /unmarshal/ })
  body = JSON.stringify({ status: 'error', errorType: 'bad_data', error: 'no match[]' })
  t.strictSame(await prometheus.series('', range), { error: 'bad_data: no match[]' })
  await t.rejects(prometheus.get('/api/v1/rules', new URLSearchParams()), { message: 'bad_data: no match[]' })
})

t.test('no server, and addresses that are none', async t => {
  const none = createPrometheus({ endpoint: '' })
  t.equal(none.configured, false)
  t.strictSame(await none.query('up', 1), { data: {} })
  t.strictSame(await none.queryRange('up', { start: 1, end: 2, step: 1 }), { data: {} })
  t.strictSame(await none.series('up', { start: 1, end: 2 }), {})
  t.strictSame(await none.metadata(''), {})
  await t.rejects(none.get('/api/v1/rules', new URLSearchParams()), { message: 'no such server is configured' })
  await none.close()
  for (const endpoint of ['prometheus:9090', '//x', 'ftp://x', 'http://', 'http://x?y=1', 'http://x/#a', 'file:///x', 'http://a:%ff@x']) {
    t.throws(() => createPrometheus({ endpoint, setting: 'monitoring.endpoint' }), /^monitoring\.endpoint: the address of a Prometheus server is http:\/\/host:port/, endpoint)
  }
})

t.test('questions are counted', async t => {
  const registry = new Registry()
  const { prometheus, waiting, letGo } = await held(t, { registry, atOnce: 1, perCaller: 1 })
  const answers = [prometheus.query('a', 1), prometheus.query('b', 1), prometheus.query('a', 1)]
  await until(() => waiting.length === 1)
  const text = await registry.metrics()
  t.match(text, /^ks_prometheus_questions_running 1$/m)
  t.match(text, /^ks_prometheus_questions_waiting 1$/m)
  letGo()
  await until(() => waiting.length === 1)
  waiting.splice(0, 1)[0]?.writeHead(500).end()
  await Promise.all(answers)
  await prometheus.query('a', 1)
  const counted = await registry.metrics()
  for (const outcome of ['answered', 'failed', 'kept']) t.match(counted, new RegExp(`^ks_prometheus_questions_total\\{outcome="${outcome}"\\} 1$`, 'm'))
})

t.test('a range that was asked is given again for a moment', async t => {
  const { prometheus, asked } = await fakeServer(t, response => { response.end(matrix()) })
  const now = Math.floor(Date.now() / 1000)
  const grid = { start: now - 600, end: now, step: 60 }
  for (let i = 0; i < 20; i++) t.strictSame(await prometheus.queryRange('up', grid), { data: { resultType: 'matrix' } })
  t.equal(asked.length, 1)
})
