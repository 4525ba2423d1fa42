import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import t, { type Test } from 'tap'
import { Pool } from 'undici'
import { exchange, WholeResponse } from '../../../core/kube/exchange.js'

async function upstream (t: Test, handle: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(handle).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const pool = new Pool(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { connections: 1, pipelining: 1 })
  t.teardown(async () => {
    await pool.destroy()
    server.closeAllConnections()
    server.close()
  })
  let ended = 0
  const ask = (path = '/', signal?: AbortSignal, method: 'GET' | 'HEAD' = 'GET') => exchange(pool, { path, method, headers: [] }, signal, () => { ended++ })
  return { ask, ended: () => ended, server }
}

const textOf = async (body: AsyncIterable<Buffer>): Promise<string> => {
  const parts: Buffer[] = []
  for await (const part of body) parts.push(part)
  return Buffer.concat(parts).toString()
}

t.test('what names a small length comes whole, the rest streams; both read the same', async t => {
  const { ask, ended } = await upstream(t, ({ url, method }, response) => {
    if (url === '/small') response.writeHead(200, { 'content-length': '5', 'x-of': 'us' }).end('hello')
    else if (url === '/none') response.writeHead(204).end()
    else if (url === '/large') response.writeHead(200, { 'content-length': '200000' }).end(method === 'HEAD' ? undefined : 'x'.repeat(200_000))
    else response.writeHead(203).end('chunked')
  })
  for (const [path, method, status, whole, length] of [
    ['/small', 'GET', 200, true, 5],
    ['/small', 'HEAD', 200, true, 0],
    ['/large', 'HEAD', 200, true, 0],
    ['/large', 'GET', 200, false, 200_000],
    ['/chunked', 'GET', 203, false, 7],
    ['/none', 'GET', 204, false, 0],
  ] as const) {
    const answer = await ask(path, undefined, method)
    t.equal(answer.status, status, `${method} ${path}`)
    t.equal(answer.whole !== undefined, whole, `${method} ${path}: ${whole ? 'whole' : 'streamed'}`)
    t.equal(answer.whole?.length ?? (await textOf(answer.body)).length, length, `${method} ${path}: ${length} bytes`)
  }
  t.equal(ended(), 6, 'every connection is free again')
  const answer = await ask('/small')
  t.equal(answer.headers['x-of'], 'us')
  t.equal(await textOf(answer.body), 'hello', 'a whole answer is read as a stream as well')
})

t.test('a stream waits for its reader', async t => {
  let sent = 0
  const { ask } = await upstream(t, (_request, response) => {
    const more = () => {
      while (sent < 64 * 1024 * 1024) {
        sent += 65_536
        if (!response.write(Buffer.alloc(65_536))) { response.once('drain', more); return }
      }
      response.end()
    }
    more()
  })
  const { body } = await ask()
  await once(body, 'readable')
  for (let before = -1; before !== sent;) {
    before = sent
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  t.ok(sent < 32 * 1024 * 1024, 'nobody reads, so the sender is held back')
  let size = 0
  for await (const part of body) size += (part as Buffer).length
  t.equal(size, 64 * 1024 * 1024, 'then all of it comes')
})

t.test('a signal ends an exchange at every stage, and is let go of', async t => {
  const { ask, ended } = await upstream(t, ({ url }, response) => {
    if (url === '/part') response.writeHead(200, { 'content-length': '10' }).write('part')
    else if (url === '/stream') response.writeHead(200).write('first')
    else if (url === '/ok') response.end('ok')
  })
  await t.rejects(ask('/ok', AbortSignal.abort(new Error('gone'))), { message: 'gone' }, 'before')
  for (const path of ['/never', '/part']) {
    const controller = new AbortController()
    const waiting = ask(path, controller.signal)
    setTimeout(() => { controller.abort(new Error('gone')) }, 50)
    await t.rejects(waiting, { message: 'gone' }, path)
  }
  const controller = new AbortController()
  const { body } = await ask('/stream', controller.signal)
  setTimeout(() => { controller.abort(new Error('gone')) }, 50)
  await t.rejects(textOf(body), { message: 'gone' }, 'in the middle of a stream')
  const last = new AbortController()
  t.equal(await textOf((await ask('/ok', last.signal)).body), 'ok', 'the connection is there for the next')
  last.abort()
  t.equal(ended(), 5, 'each is over once')
})

t.test('a reader who has had enough, and an upstream that breaks off', async t => {
  const { ask, ended } = await upstream(t, ({ url }, response) => {
    response.writeHead(200, url === '/short' ? { 'content-length': '10' } : {}).write('some')
    if (url !== '/endless') setTimeout(() => { response.destroy() }, 20)
  })
  const { body } = await ask('/endless')
  body.destroy()
  await t.rejects(ask('/short'), 'half of a small answer is none')
  await t.rejects(textOf((await ask('/broken')).body), 'half of a stream is an error where it is read')
  t.equal(ended(), 3)
})

t.test('a whole answer without bytes is an empty stream', async t => {
  t.equal(await textOf(new WholeResponse(200, {}, Buffer.alloc(0)).body), '')
})
