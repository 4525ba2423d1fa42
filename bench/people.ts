// A large platform over HTTP: 10,000 people, 2,000 workspaces, 4,000 projects and 50,000 bindings, beside a hundredth of it. Each figure with what it must be.
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hash } from 'bcrypt'
import { Pool } from 'undici'
import { login, startServer, temporaryFolder, type Running } from '../tests/helpers/process.js'
import { loadPlatform, withRoles, type Size } from './load-people.js'
import { paired } from './load.js'

const password = 'P@88w0rd-Test'
const hashed = await hash(password, 10)
const requests = 2_000
const rounds = 5

const whole: Size = { people: 10_000, workspaces: 2_000, projects: 4_000, ofPlatform: 10_000, ofWorkspaces: 15_000, ofProjects: 25_000 }
const hundredth = Object.fromEntries(Object.entries(whole).map(([what, count]) => [what, count / 100])) as unknown as Size

const iam = '/kapis/iam.kubesphere.io/v1alpha2'
const tenant = '/kapis/tenant.kubesphere.io/v1alpha2'
const firstPage = 'limit=10&page=1&sortBy=createTime'
const pages: readonly { what: string, who: string, path: string }[] = [
  { what: 'people', who: 'admin', path: `${iam}/users?${firstPage}` },
  { what: 'people by name', who: 'admin', path: `${iam}/users?limit=10&page=1&sortBy=name&ascending=true` },
  { what: 'my workspaces, as a member', who: 'person-7', path: `${tenant}/workspaces?${firstPage}` },
  { what: 'my workspaces, as administrator', who: 'admin', path: `${tenant}/workspaces?${firstPage}` },
  { what: 'members of a project', who: 'admin', path: `${iam}/namespaces/project-7/members?${firstPage}` },
]

const ends: (() => unknown)[] = []
const owner = { teardown: (end: () => unknown) => { ends.unshift(end) } }

interface Platform extends Running { logFile: string, ready: number }

/** Without reconcilers: what they would do for so many new projects is not what is measured. */
async function start (dataDir: string, args: readonly string[] = []): Promise<Platform> {
  const folder = temporaryFolder(owner)
  const [file, logFile] = [join(folder, 'kubesphere.yaml'), join(folder, 'log')]
  writeFileSync(file, JSON.stringify({ roles: ['api'], authentication: { jwtSecret: 'bench-secret-of-thirty-two-bytes', oauthOptions: { clients: [{ name: 'kubesphere', secret: 'kubesphere', redirectURIs: ['*'] }] } } }))
  const started = performance.now()
  const server = await startServer(owner, { dataDir, logFile, args: ['--config', file, '--bind-address', '127.0.0.1', ...args], env: { KUBESPHERE_ADMIN_PASSWORD: password } })
  return { ...server, logFile, ready: performance.now() - started }
}

async function platform (size: Size): Promise<Platform> {
  const first = await start(join(temporaryFolder(owner), 'data'))
  await loadPlatform(first.dataDir, size, hashed)
  await first.stop()
  return start(first.dataDir)
}

/** What the server itself says that requests took, in ms, one after the other over one connection. */
async function serverTimes ({ base, logFile }: Platform, path: string, token: string): Promise<number[]> {
  const from = statSync(logFile).size
  const pool = new Pool(base, { connections: 1 })
  for (let i = 0; i < requests; i++) {
    const { statusCode, body } = await pool.request({ method: 'GET', path, headers: { authorization: `Bearer ${token}` } })
    await body.dump()
    if (statusCode !== 200) throw new Error(`${path}: ${statusCode}`)
  }
  await pool.close()
  const lines = readFileSync(logFile).subarray(from).toString().split('\n').filter(line => line.includes('"msg":"request"'))
  return lines.map(line => (JSON.parse(line) as { ms: number }).ms).sort((a, b) => a - b)
}

const at = (sorted: readonly number[], share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
const rss = ({ child }: Running): number => Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024)

async function measure (few: Platform, many: Platform, { what, who, path }: typeof pages[number]): Promise<void> {
  const [a, b] = await Promise.all([few, many].map(async ({ base }) => ({ url: base + path, token: await login(base, who, password) }))) as [{ url: string, token: string }, { url: string, token: string }]
  const { b: rate, ratio } = await paired(a, b, { rounds, seconds: 2, connections: 8 })
  const times = await serverTimes(many, path, b.token)
  console.log(`the first page of ${what}: ${at(times, 0.5)} ms, 99 of 100 within ${at(times, 0.99)} ms (under 5); ${ratio.toFixed(2)} times the cost at a hundredth (at most 1.2); ${rate.toFixed(0)}/s`)
}

/** With a copy of every role in every workspace and project, which is most of what such a platform holds. */
async function withEveryRole (): Promise<void> {
  const full = await platform(withRoles(whole))
  console.log(`with every role that reconcilers copy, too, a restart is ready after ${(full.ready / 1000).toFixed(2)} s, ${rss(full)} MiB resident`)
  for (const { who, path } of pages) await serverTimes(full, path, await login(full.base, who, password))
  console.log(`then ${rss(full)} MiB resident (under 512)`)
  await full.stop()
}

try {
  const [few, many] = [await platform(hundredth), await platform(whole)]
  console.log(`a restart with 10,000 people, 2,000 workspaces, 4,000 projects and 50,000 bindings is ready after ${(many.ready / 1000).toFixed(2)} s, ${rss(many)} MiB resident`)
  for (const page of pages) await measure(few, many, page)
  console.log(`then ${rss(many)} MiB resident (under 512), ${rss(few)} MiB with a hundredth`)
  const beside = await start(join(temporaryFolder(owner), 'data'), ['--kubeconfig', join(many.dataDir, 'kubeconfig')])
  console.log(`a server beside this Kubernetes, over the network: ready after ${(beside.ready / 1000).toFixed(2)} s, ${rss(beside)} MiB resident`)
  await Promise.all([few, many, beside].map(server => server.stop()))
  await withEveryRole()
} finally {
  for (const end of ends) await end()
}
