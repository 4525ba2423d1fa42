import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { createPrometheus } from '../../../../core/services/prometheus/index.js'
import { fakeServer, matrix, one, success, vector, type Behave } from './fake-server.js'

const timeout = 1_500
const answer = 1024 * 1024

const say = (status: number, body: string | Buffer = '', headers: Record<string, string> = {}): Behave => response => { response.writeHead(status, headers).end(body) }
const errorBody = (errorType: string, error: string) => JSON.stringify({ status: 'error', errorType, error })
/** Bytes on the wire, as they are. */
const raw = (bytes: string, end = true): Behave => ({ socket }) => { socket?.write(bytes, () => { if (end) socket.destroy() }) }
const endless = (chunk: Buffer): Behave => response => {
  const more = () => { while (!response.destroyed && response.write(chunk)); }
  response.on('drain', more).writeHead(200)
  more()
}
const trickle: Behave = response => {
  response.writeHead(200)
  const timer = setInterval(() => { response.write(' ') }, 20)
  response.on('close', () => { clearInterval(timer) })
}
const sample = (value: unknown, time: unknown = 1700000000) => say(200, vector({ metric: { job: 'a' }, value: [time, value] }))
const byMethod = (post: number): Behave => (response, { method }) => { say(method === 'POST' ? post : 200, one)(response, undefined as never) }
const good = { data: { resultType: 'vector', result: [{ metric: { job: 'a' }, value: [1700000000, '1'] }] } }
const nothing = { data: { resultType: 'vector' } }
const failed = (error: string) => ({ data: {}, error })

const rows: { name: string, behave: Behave, found: unknown }[] = [
  { name: 'one sample', behave: say(200, one), found: good },
  { name: '503', behave: say(503, '<html>'), found: failed('server_error: server error: 503') },
  { name: '500 with a JSON error', behave: say(500, errorBody('internal', 'x')), found: failed('server_error: server error: 500') },
  { name: '501 to GET as to POST', behave: say(501), found: failed('server_error: server error: 501') },
  { name: '401', behave: say(401), found: failed('client_error: client error: 401') },
  { name: '403', behave: say(403, one), found: failed('client_error: client error: 403') },
  { name: '404 page', behave: say(404, '404 page not found\n'), found: failed('client_error: client error: 404') },
  { name: '304', behave: say(304), found: failed('bad_response: bad response code 304') },
  { name: '400 with its error', behave: say(400, errorBody('bad_data', '1:3: parse error: "<" & >')), found: failed('bad_data: 1:3: parse error: "<" & >') },
  { name: '422 with its error', behave: say(422, errorBody('execution', 'many-to-many')), found: failed('execution: many-to-many') },
  { name: '200 with an error', behave: say(200, errorBody('timeout', 'query timed out')), found: failed('timeout: query timed out') },
  { name: '400 with a success', behave: say(400, one), found: failed('bad_response: inconsistent body for response code') },
  { name: '400 that is a page', behave: say(400, '<html>'), found: failed("bad_response: invalid character '<' looking for beginning of value") },
  { name: '200 that is a page', behave: say(200, '\n<!doctype html>'), found: failed("bad_response: invalid character '<' looking for beginning of value") },
  { name: 'an empty body', behave: say(200), found: failed('bad_response: unexpected end of JSON input') },
  { name: '204', behave: say(204), found: failed('unexpected end of JSON input') },
  { name: 'half a JSON', behave: say(200, one.slice(0, 60)), found: failed('bad_response: unexpected end of JSON input') },
  { name: 'JSON and more', behave: say(200, `${one}}`), found: failed('bad_response: invalid character in the answer') },
  { name: 'null', behave: say(200, 'null'), found: failed('bad_response: the answer is no JSON object') },
  { name: 'a list', behave: say(200, '[1]'), found: failed('bad_response: the answer is no JSON object') },
  { name: 'brackets without end', behave: say(200, '['.repeat(200_000)), found: failed('bad_response: unexpected end of JSON input') },
  { name: 'a success without data', behave: say(200, success()), found: failed('unexpected end of JSON input') },
  { name: 'data that is a list', behave: say(200, success([])), found: failed('json: cannot unmarshal the result of the query') },
  { name: 'a string', behave: say(200, success({ resultType: 'string', result: [1, 'x'] })), found: failed('unexpected value type "string"') },
  { name: 'a kind that nobody knows', behave: say(200, success({ resultType: 'streams', result: [] })), found: failed('unexpected value type "streams"') },
  { name: 'a scalar', behave: say(200, success({ resultType: 'scalar', result: [1, '2'] })), found: nothing },
  { name: 'a matrix for an instant', behave: say(200, matrix({ metric: {}, values: [[1, '2']] })), found: nothing },
  { name: 'no series', behave: say(200, vector()), found: nothing },
  { name: 'an error of half a megabyte', behave: say(400, JSON.stringify({ status: 'error', errorType: 'bad_data', error: 'x'.repeat(500_000) })), found: failed(`bad_data: ${'x'.repeat(8_182)}`) },
  { name: 'a null result', behave: say(200, success({ resultType: 'vector', result: null })), found: nothing },
  { name: 'a result that is an object', behave: say(200, success({ resultType: 'vector', result: {} })), found: failed('json: cannot unmarshal the result of the query') },
  { name: 'a series that is null', behave: say(200, vector(null)), found: failed('json: cannot unmarshal the result of the query') },
  { name: 'a label that is a number', behave: say(200, vector({ metric: { a: 1 }, value: [1, '2'] })), found: failed('json: cannot unmarshal the result of the query') },
  { name: 'a sample that is a number', behave: sample(1), found: failed('sample value must be a quoted string') },
  { name: 'a sample that is no number', behave: sample('1 2'), found: failed('strconv.ParseFloat: parsing "1 2": invalid syntax') },
  { name: 'an empty sample', behave: sample(''), found: failed('strconv.ParseFloat: parsing "": invalid syntax') },
  { name: 'a sample too large', behave: sample('1e999'), found: failed('strconv.ParseFloat: parsing "1e999": value out of range') },
  { name: 'a time that is a text', behave: sample('1', 'now'), found: failed('json: cannot unmarshal the result of the query') },
  { name: 'exponents, fractions of a millisecond', behave: sample('1.5e-7', 1700000000.123987), found: { data: { resultType: 'vector', result: [{ metric: { job: 'a' }, value: [1700000000.124, '0.00000015'] }] } } },
  { name: 'no labels', behave: say(200, vector({ metric: {}, value: [1, '+Inf'] })), found: { data: { resultType: 'vector', result: [{ value: [1, '+Inf'] }] } } },
  { name: 'labels as they are', behave: say(200, '{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"up","__proto__":"x","constructor":"y"},"value":[1,"2"]}]}}'), found: { data: { resultType: 'vector', result: [{ metric: JSON.parse('{"__name__":"up","__proto__":"x","constructor":"y"}') as unknown, value: [1, '2'] }] } } },
  { name: 'histograms and unknown fields', behave: say(200, vector({ metric: { job: 'a' }, value: [1700000000, '1'], histogram: [1, {}], x: 1 })), found: good },
  { name: 'warnings', behave: say(200, success({ resultType: 'vector', result: [{ metric: { job: 'a' }, value: [1700000000, '1'] }] }, { warnings: ['w'] })), found: good },
  { name: 'gzip that nobody asked for', behave: say(200, gzipSync(one), { 'content-encoding': 'gzip' }), found: good },
  { name: 'gzip that is none', behave: say(200, one, { 'content-encoding': 'gzip' }), found: failed('Post "/api/v1/query": the answer is compressed wrongly') },
  { name: 'gzip cut short', behave: say(200, gzipSync(one).subarray(0, 40), { 'content-encoding': 'gzip' }), found: failed('Post "/api/v1/query": unexpected EOF') },
  { name: 'an encoding of its own', behave: say(200, one, { 'content-encoding': 'x-mine' }), found: failed('bad_response: unknown content encoding "x-mine"') },
  { name: 'bytes that are no UTF-8', behave: say(200, Buffer.from('{"status":"\xff"}', 'latin1')), found: failed('unexpected end of JSON input') },
  { name: 'an answer without end', behave: endless(Buffer.alloc(65_536, ' ')), found: failed('bad_response: the answer is larger than 1 MiB') },
  { name: 'a gzip of 64 MiB of blanks', behave: say(200, gzipSync(Buffer.alloc(64 * 1024 * 1024, ' ')), { 'content-encoding': 'gzip' }), found: failed('bad_response: the answer is larger than 1 MiB') },
  { name: 'a gzip without end that holds nothing', behave: endless(Buffer.concat(Array<Buffer>(3_000).fill(gzipSync('')))), found: failed('bad_response: the answer is larger than 1 MiB') },
  { name: 'silence', behave: () => {}, found: failed('Post "/api/v1/query": context deadline exceeded') },
  { name: 'headers, then silence', behave: response => { response.writeHead(200).flushHeaders() }, found: failed('Post "/api/v1/query": context deadline exceeded') },
  { name: 'a byte at a time', behave: trickle, found: failed('Post "/api/v1/query": context deadline exceeded') },
  { name: 'an early end', behave: raw(''), found: failed('Post "/api/v1/query": EOF') },
  { name: 'an end amid the answer', behave: raw('HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n{"status":'), found: failed('Post "/api/v1/query": EOF') },
  { name: 'an end amid a chunk', behave: raw('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\n{"status":'), found: failed('Post "/api/v1/query": EOF') },
  { name: 'a reset', behave: ({ socket }) => { socket?.resetAndDestroy() }, found: failed('Post "/api/v1/query": read: connection reset by peer') },
  { name: 'what is no HTTP', behave: raw('SSH-2.0-OpenSSH\r\n', false), found: failed('Post "/api/v1/query": malformed HTTP response') },
  { name: 'a chunk that is none', behave: raw('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n', false), found: failed('Post "/api/v1/query": malformed HTTP response') },
  { name: 'headers of a megabyte', behave: raw(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(1024 * 1024)}\r\n\r\n`, false), found: failed('Post "/api/v1/query": net/http: server response headers exceeded their limit') },
  { name: '405 to POST', behave: byMethod(405), found: good },
  { name: '501 to POST', behave: byMethod(501), found: good },
  { name: 'a redirect', behave: (response, { path }) => { (path === '/elsewhere' ? say(200, one) : say(307, '', { location: '/elsewhere' }))(response, undefined as never) }, found: good },
  { name: 'a redirect to GET', behave: (response, { method, form }) => { (method === 'GET' && form.get('query') ? say(200, one) : say(303, '', { location: '/elsewhere' }))(response, undefined as never) }, found: good },
  { name: 'redirects in a ring', behave: say(302, '', { location: '/api/v1/query' }), found: failed('bad_response: stopped after 10 redirects') },
  { name: 'a redirect to nowhere', behave: say(302), found: failed('bad_response: bad response code 302') },
  { name: 'a redirect to another server', behave: say(302, '', { location: 'http://127.0.0.1:1/' }), found: failed('bad_response: redirected to another server') },
  { name: 'a redirect to another scheme', behave: say(302, '', { location: 'file:///etc/passwd' }), found: failed('bad_response: redirected to another server') },
]

for (const { name, behave, found } of rows) {
  t.test(`${name}: its own error, the rest of the page its values`, async t => {
    const { prometheus, asked, bytes, sockets } = await fakeServer(t, (response, question) => {
      if (question.form.get('query') === 'well') say(200, one)(response, question); else behave(response, question)
    }, { timeout, limits: { answer, reading: 4 * answer, request: 4 * answer } })
    const [odd, ...others] = await Promise.all([prometheus.query('odd', 1), prometheus.query('well', 1), prometheus.query('well', 2)])
    t.strictSame(odd, found)
    t.strictSame(others, [good, good])
    t.ok(bytes() < 16 * answer, 'a large answer is left, not read')
    t.ok(asked.length <= 14, 'and asked for a bounded number of times')
    t.ok(sockets.size <= 4)
  })
}

t.test('the same for a range', async t => {
  const { prometheus } = await fakeServer(t, (response, { form }) => { response.end(form.get('query') === 'instant' ? one : matrix({ metric: { a: 'b' }, values: [[1, '1e3'], [2, 'NaN']] }, { metric: {}, values: [] })) })
  const grid = { start: 1, end: 2, step: 1 }
  t.strictSame(await prometheus.queryRange('range', grid), { data: { resultType: 'matrix', result: [{ metric: { a: 'b' }, values: [[1, '1000'], [2, 'NaN']] }, {}] } })
  t.strictSame(await prometheus.queryRange('instant', grid), { data: { resultType: 'matrix' } })
})

t.test('a server that is not there, at all or no longer', async t => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  const prometheus = createPrometheus({ endpoint: `http://reader:s3cret@127.0.0.1:${port}/prefix` })
  t.teardown(() => prometheus.close())
  const refused = (method: string, path: string) => `${method} "/api/v1/${path}": dial tcp: connect: connection refused`
  t.strictSame(await prometheus.query('up', 1), failed(refused('Post', 'query')), 'no address and no credentials in the sentence')
  t.strictSame(await prometheus.queryRange('up', { start: 1, end: 2, step: 1 }), failed(refused('Post', 'query_range')))
  t.strictSame(await prometheus.series('up', { start: 1, end: 2 }), { error: refused('Get', 'series') })
  t.strictSame(await prometheus.metadata(''), { error: refused('Get', 'targets/metadata') })
  await t.rejects(prometheus.get('/api/v1/rules', new URLSearchParams()), { message: refused('Get', 'rules') })
  await prometheus.close()
  t.match(await prometheus.query('up', 2), { data: {}, error: /the client is closed/ })
})

t.test('all answers together are bounded', async t => {
  const { prometheus } = await fakeServer(t, response => { response.writeHead(200).write(' '.repeat(400_000)) }, { timeout, limits: { answer, reading: answer, request: answer } })
  const errors = await Promise.all(Array.from({ length: 8 }, async (_, i) => (await prometheus.query('up', i)).error))
  t.ok(errors.filter(error => error === 'bad_response: the answers under way are larger than 1 MiB').length >= 5, 'what comes beyond is an error')
  t.match(await prometheus.query('up', 9), { error: /deadline/ }, 'and the room is given back')
})

t.test('all answers to one request are bounded together', async t => {
  const large = matrix(...Array.from({ length: 100 }, (_, i) => ({ metric: { i: String(i) }, values: Array.from({ length: 20 }, (_, j) => [j, '1']) })))
  const { prometheus } = await fakeServer(t, response => { response.end(large) }, { limits: { answer, reading: 4 * answer, request: answer } })
  const page = async (options: object) => (await Promise.all(Array.from({ length: 6 }, (_, i) => prometheus.queryRange(`q${i}`, { start: 0, end: 19, step: 1 }, options)))).map(({ error }) => error)
  const refused = 'bad_response: the answers to one request are larger than 1 MiB'
  const expected = [refused, refused, refused, undefined, undefined, undefined]
  t.strictSame((await page({ caller: 'a' })).sort(), expected)
  t.strictSame((await page({ caller: 'a' })).sort(), expected, 'another request has its own bound')
  const long = await fakeServer(t, response => { response.end(large.replaceAll('"1"]', '"1e308"]')) }, { limits: { answer, reading: 4 * answer, request: answer } })
  const wide = await fakeServer(t, response => { response.end(vector({ metric: { a: 'x'.repeat(600_000) }, value: [1, '1'] })) }, { limits: { answer, reading: 4 * answer, request: answer } })
  const [first, second] = [{}, {}]
  for (const error of [undefined, refused]) {
    t.equal((await long.prometheus.queryRange(`q${String(error)}`, { start: 0, end: 19, step: 1 }, first)).error, error, 'numbers of 309 digits weigh what they weigh')
    t.equal((await wide.prometheus.query(`q${String(error)}`, 1, second)).error, error, 'and long labels')
  }
})
