import { readFileSync } from 'node:fs'
import t from 'tap'
import { differences } from './differences.js'

interface Wrong { id: string, as: string, method: string, path: string, got: { status: number } }

/** `npm run replay -- DIR --report FILE`, then this test with REPLAY_REPORT=FILE. */
const report = process.env.REPLAY_REPORT

t.test('every difference has its reason', { skip: report ? false : 'no report of a replay (REPLAY_REPORT)' }, async t => {
  const wrong = (JSON.parse(readFileSync(report ?? '', 'utf8')) as Wrong[]).filter(({ method, path }) => method === 'GET' && /^\/kapis\/monitoring\./.test(path))
  for (const { id, as, path, got } of wrong) {
    const found = differences.find(one => one.path.test(path) && got.status === 200)
    t.ok(found, `${id} ${as} ${path} ${got.status}: ${found?.reason ?? 'no reason is listed'}`)
  }
})

t.test('every reason is a sentence', async t => {
  for (const { reason } of differences) t.match(reason, /^[PQ]\d+.{10,}/)
})
