import t from 'tap'
import { embeddedApi, type WatchEvent } from '../../helpers/embedded-api.js'
import { someKinds } from '../../helpers/rows.js'

const cms = '/api/v1/namespaces/kube-public/configmaps'
const merge = { type: 'application/merge-patch+json' }
const brief = (events: readonly WatchEvent[]) => events.map(({ type, object }) => `${type} ${object.metadata.name}`)

async function quiet (t: Parameters<typeof embeddedApi>[0], more: Parameters<typeof embeddedApi>[1] = {}) {
  const api = await embeddedApi(t, { kinds: someKinds, ...more })
  await api.kube.settled()
  const revision = async () => (await api.call('GET', cms)).json['metadata'].resourceVersion as string
  return { ...api, revision }
}

t.test('from a revision on', async t => {
  const { call, watch, revision } = await quiet(t)
  const since = await revision()
  await call('POST', cms, { metadata: { name: 'a' } })
  const { status, take, close } = await watch(`${cms}?watch=1&resourceVersion=${since}`)
  t.equal(status, 200)
  await call('PATCH', `${cms}/a`, { data: { x: '1' } }, merge)
  const gone = await call('DELETE', `${cms}/a`)
  const events = await take(3)
  t.same(brief(events), ['ADDED a', 'MODIFIED a', 'DELETED a'])
  t.equal(gone.status, 200)
  t.ok(Number(events[2]!.object.metadata.resourceVersion) > Number(events[1]!.object.metadata.resourceVersion), 'the last state has the revision of the removal')
  close()
})

t.test('without a revision, what is there comes first', async t => {
  const { call, watch } = await quiet(t)
  await call('POST', cms, { metadata: { name: 'a' } })
  for (const query of ['watch=true', 'watch=1&resourceVersion=0', 'watch=1&resourceVersion=']) {
    const { take, close } = await watch(`${cms}?${query}`)
    t.same(brief(await take(2)), ['ADDED a', 'ADDED kube-root-ca.crt'], query)
    close()
  }
})

t.test('an object enters and leaves a selection', async t => {
  const { call, watch, revision } = await quiet(t)
  const { take, close } = await watch(`${cms}?watch=1&labelSelector=app%3Done&resourceVersion=${await revision()}`)
  await call('POST', cms, { metadata: { name: 'a', labels: { app: 'two' } } })
  await call('PATCH', `${cms}/a`, { metadata: { labels: { app: 'one' } } }, merge)
  await call('PATCH', `${cms}/a`, { data: { x: '1' } }, merge)
  const left = await call('PATCH', `${cms}/a`, { metadata: { labels: { app: 'two' } } }, merge)
  await call('DELETE', `${cms}/a`)
  await call('POST', cms, { metadata: { name: 'b', labels: { app: 'one' } } })
  const events = await take(4)
  t.same(brief(events), ['ADDED a', 'MODIFIED a', 'DELETED a', 'ADDED b'])
  t.match(events[2]!.object, { metadata: { labels: { app: 'one' }, resourceVersion: left.json['metadata'].resourceVersion as string } })
  close()
})

t.test('one object, by field selector or by the old path', async t => {
  const { call, watch, revision } = await quiet(t)
  const since = await revision()
  const watches = await Promise.all([`${cms}?watch=1&fieldSelector=metadata.name%3Da&resourceVersion=${since}`, `/api/v1/watch/namespaces/kube-public/configmaps/a?resourceVersion=${since}`].map(url => watch(url)))
  await call('POST', cms, { metadata: { name: 'ab' } })
  await call('POST', cms, { metadata: { name: 'a' } })
  for (const { take, close } of watches) {
    t.same(brief(await take(1)), ['ADDED a'])
    close()
  }
})

t.test('all namespaces and cluster kinds', async t => {
  const { call, watch } = await quiet(t)
  const all = await watch('/api/v1/watch/configmaps?fieldSelector=metadata.name%3Dz')
  const namespaces = await watch('/api/v1/namespaces?watch=1&fieldSelector=metadata.name%3Dfresh')
  await call('POST', cms, { metadata: { name: 'z' } })
  await call('POST', '/api/v1/namespaces', { metadata: { name: 'fresh' } })
  t.same(brief(await all.take(1)), ['ADDED z'])
  t.same(brief(await namespaces.take(1)), ['ADDED fresh'])
  all.close()
  namespaces.close()
})

t.test('bookmarks, and one more at the end', async t => {
  const { watch, revision } = await quiet(t, { timings: { bookmarkInterval: 20 } })
  const since = await revision()
  const { next } = await watch(`${cms}?watch=1&allowWatchBookmarks=true&resourceVersion=${since}&timeoutSeconds=1`)
  t.match(await next(), { type: 'BOOKMARK', object: { kind: 'ConfigMap', apiVersion: 'v1', metadata: { resourceVersion: since } } })
  let event
  do event = await next(); while (event?.type === 'BOOKMARK')
  t.equal(event, undefined, 'then it ends')
})

t.test('initial events end with a marked bookmark', async t => {
  const { watch } = await quiet(t)
  const { take, close } = await watch(`${cms}?watch=1&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan`)
  const [first, mark] = await take(2)
  t.equal(first!.type, 'ADDED')
  t.match(mark, { type: 'BOOKMARK', object: { metadata: { annotations: { 'k8s.io/initial-events-end': 'true' }, resourceVersion: /^\d+$/ } } })
  close()
})

t.test('a revision that the history no longer holds', async t => {
  const { call, watch, kube } = await quiet(t, { history: 2 })
  for (const name of ['a', 'b', 'c', 'd']) await call('POST', cms, { metadata: { name } })
  await kube.settled()
  const { status, next } = await watch(`${cms}?watch=1&resourceVersion=1`)
  t.equal(status, 200)
  t.match(await next(), { type: 'ERROR', object: { kind: 'Status', status: 'Failure', code: 410, reason: 'Expired', message: /^too old resource version: 1 \(\d+\)$/ } })
  t.equal(await next(), undefined)
})

t.test('a revision that has not been: the client lists again', async t => {
  const { watch } = await quiet(t)
  const { next } = await watch(`${cms}?watch=1&resourceVersion=999999`)
  t.match(await next(), { type: 'ERROR', object: { code: 410, reason: 'Expired' } })
  t.equal(await next(), undefined)
})

t.test('what is wrong before it begins is a plain answer', async t => {
  const { call } = await quiet(t)
  const cases = [
    { url: `${cms}?watch=1&resourceVersion=x`, status: 400 },
    { url: `${cms}?watch=1&fieldSelector=nothing%3D1`, status: 400 },
    { url: `${cms}?watch=1&timeoutSeconds=x`, status: 400 },
    { url: `${cms}?watch=1&sendInitialEvents=true`, status: 422 },
    { url: `${cms}?watch=1&resourceVersionMatch=Exact&resourceVersion=1`, status: 422 },
  ]
  for (const { url, status } of cases) t.equal((await call('GET', url)).status, status, url)
})

t.test('a reader that is slower than a burst misses nothing', async t => {
  const { call, watch, revision } = await quiet(t)
  const { take, close } = await watch(`${cms}?watch=1&resourceVersion=${await revision()}`)
  const names = Array.from({ length: 400 }, (_, i) => `n${String(i).padStart(3, '0')}`)
  await Promise.all(names.map(name => call('POST', cms, { metadata: { name }, data: { filler: 'x'.repeat(2000) } })))
  t.same(brief(await take(400)), names.map(name => `ADDED ${name}`))
  close()
})

t.test('a reader that stops reading is let go', async t => {
  const { call, watch, revision } = await quiet(t, { timings: { lagTimeout: 1 } })
  const { body, next } = await watch(`${cms}?watch=1&resourceVersion=${await revision()}`)
  for (let i = 0; i < 300; i++) await call('POST', cms, { metadata: { generateName: 'n' }, data: { filler: 'x'.repeat(2000) } })
  await new Promise(resolve => setTimeout(resolve, 20))
  let count = 0
  while (await next()) count++
  t.ok(count >= 100 && count < 300, `${count} events, then the end`)
  body.destroy()
})

t.test('tables: the columns come once', async t => {
  const { call, watch } = await quiet(t)
  const { take, close } = await watch(`${cms}?watch=1`, { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' })
  await call('POST', cms, { metadata: { name: 'zz' } })
  const [first, second] = await take(2)
  t.match(first, { type: 'ADDED', object: { kind: 'Table', columnDefinitions: [{ name: 'Name' }], rows: [{ cells: ['kube-root-ca.crt'] }] } })
  t.match(second, { type: 'ADDED', object: { kind: 'Table', columnDefinitions: null, rows: [{ cells: ['zz'] }] } })
  close()
})

t.test('a watch ends with its request and with the server', async t => {
  const { kube, watch } = await quiet(t)
  const controller = new AbortController()
  const aborted = await kube.transport.send({ method: 'GET', path: cms, query: 'watch=1&resourceVersion=1', signal: controller.signal })
  const ended = new Promise(resolve => { aborted.body.on('end', resolve) })
  aborted.body.resume()
  controller.abort()
  await ended
  const open = await watch(`${cms}?watch=1`)
  await open.next()
  const end = open.next()
  await kube.close()
  t.equal(await end, undefined)
})

t.test('an object that cannot be shown ends the watch with a Status, not the server', async t => {
  const kinds = someKinds.map(row => row.resource === 'configmaps'
    ? { ...row, fields: { odd: (object: { data?: { fail?: string } }) => { if (object.data?.fail) throw new Error('secret detail'); return '' } } as never }
    : row)
  const { call, watch, kube } = await embeddedApi(t, { kinds })
  await kube.settled()
  const { next } = await watch(`${cms}?watch=1&resourceVersion=${kube.storage.revision}&fieldSelector=odd%3D`)
  t.equal((await call('POST', cms, { metadata: { name: 'a' }, data: { fail: 'yes' } })).status, 201)
  const event = await next()
  t.match(event, { type: 'ERROR', object: { code: 500, reason: 'InternalError' } })
  t.notMatch(JSON.stringify(event), /secret detail/)
  t.equal(await next(), undefined)
  const initial = await watch(`${cms}?watch=1&fieldSelector=odd%3D`)
  t.match(await initial.next(), { type: 'ERROR', object: { code: 500 } })
  t.equal(await initial.next(), undefined)
})
