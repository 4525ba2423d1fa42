import { PassThrough } from 'node:stream'
import t from 'tap'
import { createKube } from '../../../core/kube/client.js'
import { feed } from '../../../core/kube/feed.js'
import type { KubeObject, KubeResponse, StoreEvent } from '../../../core/sdk/index.js'
import { configMaps } from '../../../schemas/kube/builtin.js'
import { answer, scriptedTransport, silent } from '../../helpers/app.js'
import { until } from '../../helpers/until.js'

const map = (name: string, revision: number): KubeObject => ({ metadata: { name, namespace: 'a', uid: name, resourceVersion: String(revision) } })
const list = (revision: number, ...items: KubeObject[]) => answer(200, { items, metadata: { resourceVersion: String(revision) } })
/** A watch that lasts until it is given up. */
function lasting (signal: AbortSignal | undefined, body = new PassThrough()): KubeResponse {
  signal?.addEventListener('abort', () => { body.destroy() }, { once: true })
  return { status: 200, headers: {}, body }
}
const isWatch = (query = '') => query.includes('watch=true')

t.test('a list, then its watch; after 410 a new list, and what differs is told', async t => {
  const first = new PassThrough()
  let lists = 0
  let watches = 0
  const transport = scriptedTransport(({ query, signal }) => {
    if (!isWatch(query)) return ++lists === 1 ? list(2, map('stays', 1), map('goes', 2)) : list(9, map('stays', 1), map('comes', 9))
    return lasting(signal, ++watches === 1 ? first : new PassThrough())
  })
  const { cache, close } = feed(transport, configMaps, {}, silent)
  t.teardown(close)
  const events: string[] = []
  cache.subscribe(({ type, object }: StoreEvent<KubeObject>) => { events.push(`${type} ${object.metadata.name}`) })
  await cache.ready()
  await until(() => watches === 1)
  t.match(transport.sent[1]?.query, 'resourceVersion=2')
  first.write(`${JSON.stringify({ type: 'MODIFIED', object: map('stays', 3) })}\n${JSON.stringify({ type: 'BOOKMARK', object: { metadata: { resourceVersion: '7' } } })}\n`)
  await until(() => cache.resourceVersion === '7')
  first.end(`${JSON.stringify({ type: 'ERROR', object: { code: 410, message: 'too old' } })}\n`)
  await until(() => cache.resourceVersion === '9' && watches === 2)
  t.strictSame(cache.list().map(({ metadata }) => metadata.name), ['comes', 'stays'])
  t.ok(events.includes('deleted goes') && events.includes('added comes') && events.includes('updated stays'), events.join())
})

t.test('pages are read to their end', async t => {
  const transport = scriptedTransport(({ query, signal }) => isWatch(query)
    ? lasting(signal)
    : query?.includes('continue=more') ? list(5, map('b', 2)) : answer(200, { items: [map('a', 1)], metadata: { resourceVersion: '5', continue: 'more' } }))
  const { cache, close } = feed(transport, configMaps, {}, silent)
  t.teardown(close)
  await cache.ready()
  t.equal(cache.size, 2)
})

t.test('what a brief leaves of each object is all that is kept', async t => {
  const watches: PassThrough[] = []
  const watched = () => watches[watches.push(new PassThrough()) - 1]
  const long = (name: string, revision: number) => ({ ...map(name, revision), data: { text: 'x'.repeat(1_000) } })
  const transport = scriptedTransport(({ query, signal }) => isWatch(query) ? lasting(signal, watched()) : list(2, long('listed', 1), long('goes', 2)))
  const brief = { name: 'lengths', of: (object: KubeObject & { data?: { text: string } }) => ({ metadata: object.metadata, data: { text: String(object.data?.text.length) } }) }
  const kube = createKube({ transport, log: silent })
  t.teardown(() => kube.close())
  const [store, whole] = [kube.store(configMaps, { brief }), kube.store(configMaps)]
  const gone: unknown[] = []
  store.subscribe(({ type, object }) => { if (type === 'deleted') gone.push(object.data) })
  await Promise.all([store.ready(), whole.ready()])
  await until(() => watches.length === 2)
  for (const watch of watches) watch.write(`${JSON.stringify({ type: 'ADDED', object: long('watched', 3) })}\n${JSON.stringify({ type: 'DELETED', object: long('goes', 4) })}\n`)
  await until(() => store.resourceVersion === '4')
  t.strictSame(store.list().map(({ metadata: { name }, data }) => [name, data]), [['listed', { text: '1000' }], ['watched', { text: '1000' }]])
  t.strictSame(gone, [{ text: '1000' }])
  t.equal(whole.get('listed', 'a')?.data?.text?.length, 1_000, 'others have all of it')
})

t.test('watches that end at once are asked for less and less often', async t => {
  const at: number[] = []
  const transport = scriptedTransport(({ query }) => {
    if (!isWatch(query)) return list(1)
    at.push(Date.now())
    return answer(200, '')
  })
  const { close, cache } = feed(transport, configMaps, {}, silent)
  t.teardown(close)
  await cache.ready()
  await until(() => at.length >= 3)
  close()
  const seen = at.length
  await new Promise(resolve => setImmediate(resolve))
  t.ok(seen < 10, `${seen} watches`)
})

t.test('a kind that the cluster lacks is empty', async t => {
  const { cache, close } = feed(scriptedTransport(() => answer(404, { kind: 'Status', code: 404, reason: 'NotFound', message: 'not here' })), configMaps, {}, silent)
  t.teardown(close)
  await cache.ready()
  t.ok(cache.synced)
  t.equal(cache.size, 0)
})
