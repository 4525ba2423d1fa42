// The embedded Kubernetes: with 50,000 objects of 1.5 KB, with 10,000 watchers, and beside an etcd. Each figure with what it must be.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { login, startServer, temporaryFolder, type Running } from '../tests/helpers/process.js'
import { againstEtcd } from './kube-against-etcd.js'
import { configMap, configMaps, createClient, loadObjects } from './kube-objects.js'
import { inOrder, openWatchers } from './kube-watchers.js'
import { embeddedOf } from './load-people.js'
import { paired } from './load.js'

const password = 'P@88w0rd-Test'
const objects = Number(process.env.BENCH_OBJECTS ?? 50_000)
const watchers = Number(process.env.BENCH_WATCHERS ?? 10_000)
const few = 1_000
const changes = 100

const ends: (() => unknown)[] = []
const owner = { teardown: (end: () => unknown) => { ends.unshift(end) } }
const env = { KUBESPHERE_ADMIN_PASSWORD: password }

const memory = ({ child }: Running) => {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
  const mib = (key: string) => Math.round(Number(new RegExp(`${key}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024)
  return { resident: mib('VmRSS'), peak: mib('VmHWM'), file: mib('RssFile') }
}
const start = (dataDir: string, args: readonly string[] = []) => startServer(owner, { dataDir, args, env, logFile: join(temporaryFolder(owner), 'log') })
const dataDir = () => join(temporaryFolder(owner), 'data')

async function loaded (count: number): Promise<Running> {
  const server = await start(dataDir())
  await loadObjects(embeddedOf(server.dataDir), count)
  return server
}

async function restarted (server: Running): Promise<Running> {
  const before = memory(server)
  await server.stop()
  const started = performance.now()
  const next = await start(server.dataDir)
  const { resident } = memory(next)
  console.log(`a restart with ${objects} objects of 1.5 KB is ready after ${((performance.now() - started) / 1000).toFixed(2)} s (under 5); ${resident} MiB resident (under 400), ${before.resident} MiB after they were written`)
  return next
}

async function lists (small: Running, large: Running): Promise<void> {
  const target = async ({ base }: Running) => ({ url: `${base}${configMaps}?limit=500`, token: await login(base, 'admin', password) })
  const { a, b, ratio } = await paired(await target(small), await target(large), { rounds: 5, seconds: 2, connections: 8 })
  const { resident, file } = memory(large)
  console.log(`a list of 500: ${a.toFixed(0)}/s with ${few} objects, ${b.toFixed(0)}/s with ${objects}: ${ratio.toFixed(2)} times the cost; then ${resident} MiB resident (${file} MiB of it pages of files)`)
}

/** Streams of one caller are bounded by configuration, which is raised here. */
async function manyWatchers (): Promise<void> {
  const file = join(temporaryFolder(owner), 'kubesphere.yaml')
  writeFileSync(file, JSON.stringify({ server: { limits: { inFlight: { read: 400, perUser: 400 }, streams: { perUser: 12_000, total: 12_000 } } }, authentication: { jwtSecret: 'bench-secret-of-thirty-two-bytes', oauthOptions: { clients: [{ name: 'kubesphere', secret: 'kubesphere', redirectURIs: ['*'] }] } } }))
  const server = await start(dataDir(), ['--config', file, '--bind-address', '127.0.0.1'])
  const api = embeddedOf(server.dataDir)
  await loadObjects(api, 1)
  const path = `${configMaps}?watch=true&fieldSelector=metadata.name%3Dobject-000000`
  const open = await openWatchers(watchers, server.port, path, await login(server.base, 'admin', password))
  const client = createClient(api, 1)
  const started = performance.now()
  for (let i = 0; i < changes; i++) await client.send('PUT', `${configMaps}/object-000000`, { ...configMap('object-000000'), data: { change: String(i) } })
  const complete = await inOrder(open, changes)
  const seconds = (performance.now() - started) / 1000
  const { resident } = memory(server)
  console.log(`${complete} of ${watchers} watchers of one resource saw ${changes} changes in order, in ${seconds.toFixed(1)} s (${Math.round(watchers * changes / seconds)} events/s; ${resident} MiB resident)`)
  for (const { close } of open) close()
  await client.close()
  await server.stop()
}

try {
  const small = await loaded(few)
  await againstEtcd(owner, embeddedOf(small.dataDir), small.dataDir)
  const large = await restarted(await loaded(objects))
  await lists(small, large)
  await Promise.all([small.stop(), large.stop()])
  await manyWatchers()
} finally {
  for (const end of ends) await end()
}
