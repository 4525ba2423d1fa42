import t from 'tap'
import { createMonitoring } from '../../../../core/services/monitoring/index.js'
import { createRooms } from '../../../../core/services/prometheus/room.js'
import { fakeKube } from '../../../helpers/fake-kube.js'
import { fakeServer, matrix, one, success } from './fake-server.js'

t.test('requests hold what there is room for, until they are over', async t => {
  const roomOf = createRooms({ perCaller: 10, total: 15 })
  const [first, second, other] = [roomOf('alice'), roomOf('alice'), roomOf('bob')]
  t.ok(first.take(6))
  t.ok(second.take(4))
  t.notOk(second.take(1), 'of a caller')
  t.ok(other.take(5))
  t.notOk(roomOf('carl').take(1), 'of all')
  t.ok(roomOf('carl').take(0))
  first.leave()
  first.leave()
  t.ok(roomOf('carl').take(6), 'what was held is free again, once')
  t.notOk(roomOf('carl').take(1))
  t.notOk(first.take(1), 'nothing is held by what is over')
})

t.test('an answer without room says so, the others answer', async t => {
  const { prometheus } = await fakeServer(t, (response, { path }) => {
    response.end(path.endsWith('series') ? success(Array.from({ length: 50 }, (_, i) => ({ pod: `p-${i}` }))) : path.endsWith('range') ? matrix({ metric: { job: 'a' }, values: [[1, '1']] }) : one)
  })
  const monitoring = createMonitoring({ kube: fakeKube(), prometheus, rooms: { perCaller: 2_000, total: 3_000 } })
  const error = /^bad_response: there is no room/
  const room = monitoring.room('alice')
  const metrics = await monitoring.getNamedMetrics(['node_cpu_total', 'node_memory_total', 'node_pod_quota'], 1, { level: 'node', node: 'n' }, { room })
  t.match(metrics.map(({ error }) => error).sort(), [error, undefined, undefined])
  const grid = { start: 1, end: 2, step: 1 }
  t.match(await monitoring.getMetric('up', 1, undefined, { room }), { data: {}, error })
  t.match(await monitoring.getMetricOverTime('up', grid, 'ns-a', { room }), { data: {}, error })
  t.match(await monitoring.getMetricOverTime('up', grid, 'ns-a', { room }), { data: {}, error }, 'from what is kept, too')
  room.leave()
  t.match(await monitoring.getMetricOverTime('up', grid, 'ns-a', { room: monitoring.room('alice') }), { data: { result: [{ metric: { job: 'a' } }] } })
  t.strictSame(await monitoring.getMetricLabelSet('up', grid, undefined, { room: monitoring.room('alice') }), [])
  t.equal((await monitoring.getMetricLabelSet('up', grid))?.length, 50)
})
