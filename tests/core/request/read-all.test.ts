import { Readable } from 'node:stream'
import t from 'tap'
import { readAll } from '../../../core/request/read-all.js'

const body = (...parts: string[]) => Readable.from(parts.map(part => Buffer.from(part)))

for (const [parts, limit, wanted] of [[[], 0, ''], [['ab', 'c'], 3, 'abc'], [['ä'], 2, 'ä']] as const) {
  t.test(`${parts.join('+')} within ${limit}`, async t => { t.equal((await readAll(body(...parts), limit)).toString(), wanted) })
}

t.test('what is longer is not read on', async t => {
  const endless = Readable.from(function * () { for (;;) yield Buffer.alloc(1024) }())
  await t.rejects(readAll(endless, 10_000), { code: 413, message: 'the body is too large' })
  t.ok(endless.destroyed)
  await t.rejects(readAll(body('ab', 'c'), 2, () => new Error('enough')), new Error('enough'))
})

t.test('what breaks off is an error', async t => {
  const broken = new Readable({ read () { this.destroy(new Error('reset')) } })
  await t.rejects(readAll(broken, 10), new Error('reset'))
})
