import fc from '../../../helpers/fast-check.js'
import t, { type Test } from 'tap'
import { createPrometheus } from '../../../../core/services/prometheus/index.js'
import type { Grid, Point, Series } from '../../../../core/services/prometheus/types.js'
import { fakeServer, matrix, success } from './fake-server.js'

/** A series that is there between two times, with gaps; its value is told by the time. */
interface Life { name: string, from: number, to: number, every: number }

const hasPoint = ({ from, to, every }: Life, time: number) => time >= from && time <= to && Math.floor(time / 60) % every !== 0

function rowsOf (lives: readonly Life[], { start, end, step }: Grid): Series[] {
  const times: number[] = []
  for (let i = 0; start + i * step <= end + 1e-9; i++) times.push(Math.round((start + i * step) * 1000) / 1000)
  return [...lives].sort((a, b) => a.name < b.name ? -1 : 1).flatMap(life => {
    const values = times.filter(time => hasPoint(life, time)).map((time): Point => [time, String(time / 4)])
    return values.length > 0 ? [{ metric: { __name__: 'up', name: life.name }, values }] : []
  })
}

/** A Prometheus that knows what lived until its clock; it answers by the questions' grids alone. */
async function living (t: Test, lives: readonly Life[], { ahead = 0, lag = 0 } = {}) {
  const clock = { now: 1_700_000_000 }
  const fake = await fakeServer(t, (response, { form }) => {
    const [start = 0, end = 0, step = 1] = ['start', 'end', 'step'].map(name => Number(form.get(name)))
    const server = clock.now + ahead
    const known = lives.map(life => ({ ...life, to: Math.min(life.to, server - lag) }))
    response.setHeader('date', new Date(server * 1000).toUTCString())
    response.end(matrix(...rowsOf(known, { start, end, step })))
  }, { now: () => clock.now * 1000 })
  const grids = () => fake.asked.splice(0).map(({ form }) => ['start', 'end', 'step'].map(name => Number(form.get(name))))
  return { ...fake, clock, grids }
}

const forever = { from: 0, to: Infinity, every: 7 }
const steady: Life[] = [{ name: 'b', ...forever }]
const base = 1_700_000_000

t.test('a window that moves by its steps asks for what is new', async t => {
  const { prometheus, clock, grids } = await living(t, steady)
  const ask = (grid: Grid) => prometheus.queryRange('up', grid)
  t.strictSame((await ask({ start: base - 3600, end: base, step: 60 })).data.result, rowsOf(steady, { start: base - 3600, end: base, step: 60 }))
  t.strictSame(grids(), [[base - 3600, base, 60]])

  clock.now += 60
  const next = { start: base - 3540, end: base + 60, step: 60 }
  t.strictSame((await ask(next)).data.result, rowsOf(steady, next), 'the answer is the same as asked whole')
  t.strictSame(grids(), [[base, base + 60, 60]], 'only steps of the last minute are asked')

  clock.now += 7200
  const later = { start: base + 3660, end: base + 7260, step: 60 }
  t.strictSame((await ask(later)).data.result, rowsOf(steady, later))
  t.strictSame(grids(), [[base + 3660, base + 7260, 60]], 'a window apart is asked whole')
  const past = { start: base + 3600, end: base + 7200, step: 60 }
  t.strictSame((await ask(past)).data.result, rowsOf(steady, past))
  t.strictSame(grids(), [[base + 3600, base + 7200, 60]], 'as is one that begins earlier')
})

t.test('what is settled is not asked again', async t => {
  const { prometheus, grids } = await living(t, steady)
  const grid = { start: base - 7200, end: base - 3600, step: 60 }
  const first = await prometheus.queryRange('up', grid)
  for (let i = 0; i < 3; i++) t.strictSame(await prometheus.queryRange('up', { ...grid, end: grid.end + i * 10 }), first)
  t.equal(grids().length, 1, 'nor is the same grid with another end')
})

const asWhole: [name: string, expression: string, grid: Partial<Grid>, next: Partial<Grid>][] = [
  ['another step', 'up', {}, { step: 120 }],
  ['another offset', 'up', {}, { start: base - 3599 }],
  ['another length', 'up', {}, { start: base - 3540 }],
  ['another expression', 'up', {}, {}],
  ['a time that is pinned', 'up @ end()', {}, { start: base - 3540, end: base + 60 }],
  ['a look ahead', 'up offset -5m', {}, { start: base - 3540, end: base + 60 }],
  ['a look ahead on two lines', 'up offset\n  - 5m', {}, { start: base - 3540, end: base + 60 }],
  ['a comment, which may hide one', 'up offset # "\n-5m', {}, { start: base - 3540, end: base + 60 }],
  ['steps of a fraction of a millisecond', 'up', { step: 60.0001 }, { step: 60.0001, start: base - 3600 + 60.0001, end: base + 60 }],
]
for (const [name, expression, grid, next] of asWhole) {
  t.test(`${name}: asked whole`, async t => {
    const { prometheus, clock, grids } = await living(t, steady)
    const first = { start: base - 3600, end: base, step: 60, ...grid }
    await prometheus.queryRange(expression, first)
    clock.now += 60
    await prometheus.queryRange(name === 'another expression' ? 'down' : expression, { ...first, ...next })
    const [, second] = grids()
    t.strictSame(second, Object.values({ ...first, ...next }))
  })
}

t.test('a look back changes nothing', async t => {
  const { prometheus, clock, grids } = await living(t, steady)
  await prometheus.queryRange('sum(rate(x[5m] offset 1d)) / up{a="-1"}', { start: base - 3600, end: base, step: 60 })
  clock.now += 60
  await prometheus.queryRange('sum(rate(x[5m] offset 1d)) / up{a="-1"}', { start: base - 3540, end: base + 60, step: 60 })
  t.strictSame(grids()[1], [base, base + 60, 60])
})

t.test('a server whose clock is behind has not settled what we think it has', async t => {
  const { prometheus, clock, grids } = await living(t, steady, { ahead: -600 })
  await prometheus.queryRange('up', { start: base - 3600, end: base, step: 60 })
  clock.now += 540
  const grid = { start: base - 3060, end: base + 540, step: 60 }
  t.strictSame((await prometheus.queryRange('up', grid)).data.result, rowsOf([{ ...forever, name: 'b', to: base - 60 }], grid))
  t.strictSame(grids()[1], [base - 600, base + 540, 60])
})

t.test('slices are believed for ten minutes', async t => {
  const { prometheus, clock, grids } = await living(t, steady)
  for (let minute = 0; minute <= 11; minute++, clock.now += 60) await prometheus.queryRange('up', { start: clock.now - 3600, end: clock.now, step: 60 })
  t.strictSame(grids().map(([start = 0, end = 0]) => (end - start) / 60), [60, 1, 1, 1, 1, 1, 1, 1, 1, 1, 60, 1], 'then all is asked anew')
})

t.test('an answer that lacks something, or is on a grid of its own, is not kept', async t => {
  const warned = await fakeServer(t, response => { response.end(success({ resultType: 'matrix', result: [] }, { warnings: ['w'] })) })
  const aligned = await fakeServer(t, response => { response.end(matrix({ metric: {}, values: [[base - 3600, '1'], [base - 3570, '1']] })) })
  for (const { prometheus, asked } of [warned, aligned]) {
    await prometheus.queryRange('up', { start: base - 3600, end: base - 600, step: 60 })
    await prometheus.queryRange('up', { start: base - 3540, end: base - 540, step: 60 })
    t.strictSame(asked.map(({ form }) => form.get('start')), [String(base - 3600), String(base - 3540)])
  }
})

t.test('more steps than Prometheus answers are refused by Prometheus', async t => {
  const { prometheus, grids } = await living(t, steady)
  const grid = { start: base - 20_000, end: base - 10_000, step: 1 }
  await prometheus.queryRange('up', grid)
  await prometheus.queryRange('up', { ...grid, end: grid.end + 2_000 })
  t.strictSame(grids(), [[grid.start, grid.end, 1], [grid.start, grid.end + 2_000, 1]])
})

t.test('whatever is asked in whatever order: the same answers as without keeping anything', async t => {
  const lives: Life[] = Array.from({ length: 12 }, (_, i) => ({ name: `s${i}`, from: base - 4000 + i * 700, to: base - 2000 + i * 900, every: 2 + i % 5 }))
  const lag = 45
  const { port, clock, grids } = await living(t, lives, { lag })
  const moves = fc.tuple(fc.integer({ min: 0, max: 4000 }), fc.array(fc.record({ wait: fc.integer({ min: 0, max: 30 }), back: fc.constantFrom(0, 0, 0, 60, 600, 3000), steps: fc.constantFrom(5, 30, 30), step: fc.constantFrom(60, 60, 60, 30, 61), aligned: fc.constantFrom(true, true, false) }), { minLength: 5, maxLength: 40 }))
  const stepsIn = ({ start, end, step }: Grid) => Math.floor((end - start) / step + 1e-9) + 1
  let questions = 0
  await fc.assert(fc.asyncProperty(moves, async ([begin, list]) => {
    clock.now = base + begin
    const prometheus = createPrometheus({ endpoint: `http://127.0.0.1:${port}`, now: () => clock.now * 1000 })
    for (const { wait, back, steps, step, aligned } of list) {
      clock.now += wait * 5
      const end = aligned ? Math.floor((clock.now - back) / step) * step : clock.now - back
      const grid = { start: end - steps * step, end, step }
      questions += stepsIn(grid)
      const { data, error } = await prometheus.queryRange('up', grid)
      const expected = rowsOf(lives.map(life => ({ ...life, to: Math.min(life.to, clock.now - lag) })), grid)
      if (error !== undefined || JSON.stringify(data.result ?? []) !== JSON.stringify(expected)) return false
    }
    await prometheus.close()
    return true
  }), { numRuns: 60 })
  const sent = grids().reduce((sum, [start = 0, end = 0, step = 1]) => sum + stepsIn({ start, end, step }), 0)
  t.ok(sent < 0.9 * questions, `${questions} steps, ${sent} of them asked of the server`)
})
