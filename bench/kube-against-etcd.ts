import { request } from 'node:https'
import { join } from 'node:path'
import { readFileSync } from 'node:fs'
import type { Owner } from '../tests/helpers/process.js'
import { startEtcd } from './etcd.js'
import { configMap, configMaps, createClient, each, median, type Api } from './kube-objects.js'

const concurrency = 64
const writes = 3_000
const rounds = 5
const watchers = 50
const changes = 200

/** One side of the comparison: how it takes a write, how it is watched. */
interface Side {
  readonly api: Api
  write (name: string): [method: 'POST', path: string, body: unknown]
  watch: [method: 'GET' | 'POST', path: string, body?: unknown]
  /** Whether a line of a watch is the change of that name. */
  tells (line: string, name: string): boolean
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const prefix = '/registry/configmaps/bench/'

const ours = (api: Api): Side => ({
  api,
  write: name => ['POST', configMaps, configMap(name)],
  watch: ['GET', `${configMaps}?watch=true&sendInitialEvents=false&resourceVersionMatch=NotOlderThan`],
  tells: (line, name) => line.includes(`"name":"${name}"`),
})

const theirs = (api: Api): Side => ({
  api,
  write: name => ['POST', '/v3/kv/put', { key: base64(prefix + name), value: base64(JSON.stringify(configMap(name))) }],
  watch: ['POST', '/v3/watch', { create_request: { key: base64(prefix), range_end: base64(`${prefix.slice(0, -1)}0`) } }],
  tells: (line, name) => line.includes(base64(prefix + name)),
})

async function writesPerSecond ({ api, write }: Side, round: number): Promise<number> {
  const client = createClient(api, concurrency)
  const started = performance.now()
  await each(writes, concurrency, i => client.send(...write(`write-${round}-${i}`)))
  const seconds = (performance.now() - started) / 1000
  await client.close()
  return writes / seconds
}

type OnLine = (line: string) => void

/** Opens a watch; resolves once it has begun. */
function openWatch ({ api, watch: [method, path, body] }: Side, onLine: OnLine): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', ...(api.token ? { authorization: `Bearer ${api.token}` } : {}) }
    const open = request(api.url + path, { method, headers, ca: api.ca, agent: false }, response => {
      let rest = ''
      response.on('error', () => {})
      response.on('data', (chunk: Buffer) => {
        const lines = (rest + chunk.toString('latin1')).split('\n')
        rest = lines.pop() ?? ''
        lines.forEach(onLine)
      })
      resolve(() => { open.destroy() })
    })
    open.on('error', reject)
    open.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

/** From the sending of a write to its arrival at the last of the watchers, ms. */
async function delivery (side: Side, round: number): Promise<number> {
  let awaited = { name: '', left: 0, done: () => {} }
  const onLine: OnLine = line => { if (awaited.name && side.tells(line, awaited.name) && --awaited.left === 0) awaited.done() }
  const stops = await Promise.all(Array.from({ length: watchers }, () => openWatch(side, onLine)))
  const client = createClient(side.api, 1)
  const times: number[] = []
  for (let i = 0; i < changes; i++) {
    const name = `change-${round}-${i}-x`
    const arrived = new Promise<void>(resolve => { awaited = { name, left: watchers, done: resolve } })
    const started = performance.now()
    await Promise.all([client.send(...side.write(name)), arrived])
    times.push(performance.now() - started)
  }
  for (const stop of stops) stop()
  await client.close()
  return median(times)
}

async function inTurn (a: Side, b: Side, measure: (side: Side, round: number) => Promise<number>): Promise<{ a: number, b: number, ratio: number }> {
  await measure(a, rounds); await measure(b, rounds)
  const pairs: [number, number][] = []
  for (let i = 0; i < rounds; i++) pairs.push([await measure(a, i), await measure(b, i)])
  return { a: median(pairs.map(([x]) => x)), b: median(pairs.map(([, y]) => y)), ratio: median(pairs.map(([x, y]) => x / y)) }
}

/**
 * The embedded Kubernetes beside an etcd, both with fsync, over HTTPS with keep-alive, with one client library and in turn. A write is the creation
 * of an object of 1.5 KB: with us a POST that is validated and admitted, with etcd a bare put through its JSON gateway.
 */
export async function againstEtcd (owner: Owner, api: Api, dataDir: string): Promise<void> {
  const certFile = join(dataDir, 'kube-tls.crt')
  const etcd = await startEtcd(owner, { certFile, keyFile: join(dataDir, 'kube-tls.key'), ca: readFileSync(certFile, 'utf8') })
  if (!etcd) return console.log('etcd is not installed: it is not compared with')
  const [here, there] = [ours(api), theirs(etcd)]
  const written = await inTurn(here, there, writesPerSecond)
  console.log(`writes of 1.5 KB, ${concurrency} at a time: ${written.a.toFixed(0)}/s here, ${written.b.toFixed(0)}/s with etcd (fsync on, JSON gateway): ratio ${written.ratio.toFixed(2)}`)
  const told = await inTurn(here, there, delivery)
  console.log(`from a write to the last of ${watchers} watchers: ${told.a.toFixed(2)} ms here, ${told.b.toFixed(2)} ms with etcd: ratio ${(1 / told.ratio).toFixed(2)} (above 1: faster than etcd)`)
}
