import { spawn } from 'node:child_process'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { openStorage } from '../../../../plugins/kube-embedded/storage/index.js'
import { temporaryFolder } from '../../../helpers/process.js'

const times = 20
const bucket = 'core/configmaps'
const here = fileURLToPath(import.meta.url)
const script = join(here, '../../../../helpers', `storage-writer${extname(here)}`)

interface Acknowledged { opened: number, writes: Map<string, number> }

/** Lets the writer run until so many writes are acknowledged, then ends it as a power cut would. */
function runAndKill (dir: string, run: string, after: number): Promise<Acknowledged> {
  const child = spawn(process.execPath, [...process.execArgv, script, dir, run], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  let lines = 0
  child.stdout.on('data', (chunk: Buffer) => {
    text += String(chunk)
    for (const byte of chunk) if (byte === 10) lines++
    if (lines > after) child.kill('SIGKILL')
  })
  return new Promise(resolve => {
    child.once('close', () => {
      const whole = text.slice(0, text.lastIndexOf('\n') + 1).split('\n').filter(Boolean).map(line => line.split(' '))
      const opened = Number(whole.find(([word]) => word === 'open')?.[1])
      resolve({ opened, writes: new Map(whole.flatMap(([name = '', revision]) => name === 'open' ? [] : [[name, Number(revision)] as const])) })
    })
  })
}

t.test('what was acknowledged outlives kill -9, twenty times', { timeout: 120_000 }, async t => {
  const dir = join(temporaryFolder(t), 'data')
  const all = new Map<string, number>()
  let highest = 0
  for (let i = 0; i < times; i++) {
    const { opened, writes } = await runAndKill(dir, `run${i}`, 40 + ((i * 7919) % 5000))
    t.ok(opened >= highest, `run ${i} opens at revision ${opened}, not before ${highest}`)
    for (const [name, revision] of writes) {
      all.set(name, revision)
      highest = Math.max(highest, revision)
    }
    const storage = await openStorage({ dir })
    const lost = [...all].filter(([name, revision]) => storage.get(bucket, `${bucket}/default/${name}`)?.revision !== revision)
    t.strictSame(lost, [], `all ${all.size} acknowledged writes are there after kill ${i + 1}`)
    t.ok(storage.revision >= highest)
    highest = storage.revision
    await storage.close()
  }
  t.equal(new Set(all.values()).size, all.size, 'no revision twice')
})
