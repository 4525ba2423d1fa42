import { spawn, type ChildProcess } from 'node:child_process'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc, { seed } from '../../../helpers/fast-check.js'
import t from 'tap'
import { temporaryFolder } from '../../../helpers/process.js'
import { Client, Connection, prepare, step, Sums, type Step } from './model-clients.js'
import { Model } from './model.js'

const seconds = Number(process.env.KS_MODEL_SECONDS ?? (process.env.CI ? 120 : 20))
const clients = 8
const here = fileURLToPath(import.meta.url)
const script = join(here, '..', `model-server${extname(here)}`)

interface Server { child: ChildProcess, url: string, ended: Promise<unknown> }

function start (dataDir: string): Promise<Server> {
  const child = spawn(process.execPath, [...process.execArgv, script, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise(resolve => child.once('close', resolve))
  return new Promise((resolve, reject) => {
    child.stdout.once('data', (line: Buffer) => { resolve({ child, url: String(line).trim(), ended }) })
    child.once('exit', code => { reject(new Error(`the server did not start (exit ${code})`)) })
  })
}

/** The same values for the same seed, one after another and again from the beginning. */
function cycle<T> (values: fc.Arbitrary<T>, seed: number): () => T {
  const sample = fc.sample(values, { seed, numRuns: 2_000 })
  let next = 0
  return () => sample[next++ % sample.length]!
}

t.setTimeout((seconds + 60) * 1000)

t.test(`clients against a server that is killed again and again: KS_SEED=${seed} KS_MODEL_SECONDS=${seconds}`, { timeout: (seconds + 60) * 1000 }, async t => {
  const dataDir = join(temporaryFolder(t), 'data')
  const model = new Model()
  const sums = new Sums(clients)
  const steps: (() => Step)[] = Array.from({ length: clients }, (_, i) => cycle(step, seed + i + 1))
  const lives = cycle(fc.integer({ min: 200, max: 2_500 }), seed)
  const observer = new Client(0, model, sums)
  const end = Date.now() + seconds * 1000
  let kills = 0
  for (let first = true; Date.now() < end && model.violations.length === 0; first = false) {
    const { child, url, ended } = await start(dataDir)
    t.teardown(() => child.kill('SIGKILL'))
    const connection = new Connection(url, dataDir)
    if (first) await prepare(connection)
    await observer.list(connection)
    model.settle()
    const killer = setTimeout(() => { child.kill('SIGKILL') }, lives())
    await Promise.all(steps.map((next, i) => new Client(i, model, sums).run(connection, next)))
    clearTimeout(killer)
    await ended
    await connection.close()
    kills++
  }
  const { child, url, ended } = await start(dataDir)
  const connection = new Connection(url, dataDir)
  await observer.list(connection)
  model.settle()
  child.kill('SIGKILL')
  await ended
  await connection.close()
  t.comment(`seed ${seed}: ${kills} kills, ${JSON.stringify(model.counts)}`)
  t.strictSame(model.violations, [], `nothing went back, was lost or halved (seed ${seed})`)
  t.ok(kills > 0 && model.counts.writes > 0, 'it was killed while it was written to')
})
