// Whole servers over HTTP: a tenant's request with ten people and with ten thousand, and a proxied request against a bare proxy. Ratios of one run.
import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hash } from 'bcrypt'
import { login, startServer, temporaryFolder, type Running } from '../tests/helpers/process.js'
import { embeddedOf, loadPlatform } from './load-people.js'
import { paired } from './load.js'

const password = 'P@88w0rd-Test'
const hashed = await hash(password, 10)

const ends: (() => unknown)[] = []
const owner = { teardown: (end: () => unknown) => { ends.unshift(end) } }
const people = Number(process.env.BENCH_PEOPLE ?? 10_000)
const rss = ({ child }: Running): string => `${Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024)} MiB`

/** Milliseconds of processor time that a server has used. */
const used = ({ child }: Running): number => {
  const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10
}

/** Until a server has nothing to do: its reconcilers make a kubeconfig for everybody, and more. */
async function rest (server: Running): Promise<void> {
  for (let quiet = 0, i = 0; quiet < 3 && i < 180; i++) {
    const before = used(server)
    await new Promise(resolve => setTimeout(resolve, 1_000))
    quiet = used(server) - before < 50 ? quiet + 1 : 0
  }
}

async function platform (count: number): Promise<Running> {
  const server = await startServer(owner, { logFile: join(temporaryFolder(owner), 'log'), env: { KUBESPHERE_ADMIN_PASSWORD: password } })
  await loadPlatform(server.dataDir, { people: count, workspaces: 1, projects: Math.min(count, 100), ofPlatform: 0, ofWorkspaces: 0, ofProjects: count }, hashed)
  await rest(server)
  return server
}

const tenant = async ({ base }: Running) => ({ url: `${base}/api/v1/namespaces/project-1/configmaps`, token: await login(base, 'person-1', password) })

async function tenantRequest (few: Running, many: Running): Promise<void> {
  const { a, b, ratio } = await paired(await tenant(few), await tenant(many))
  console.log(`a tenant's request: ${a.toFixed(0)}/s with 10 people, ${b.toFixed(0)}/s with ${people}: ${ratio.toFixed(2)} times the cost (${rss(few)}, ${rss(many)} resident)`)
}

/** A server in front of another one's embedded Kubernetes, over the network, beside a bare proxy in front of the same. */
async function proxied (upstream: Running): Promise<void> {
  const { url, token, ca } = embeddedOf(upstream.dataDir)
  const file = join(temporaryFolder(owner), 'kubesphere.yaml')
  writeFileSync(file, JSON.stringify({ authentication: { jwtSecret: 'bench-secret-of-thirty-two-bytes', oauthOptions: { clients: [{ name: 'kubesphere', secret: 'kubesphere', redirectURIs: ['*'] }] } } }))
  const server = await startServer(owner, { logFile: join(temporaryFolder(owner), 'log'), args: ['--config', file, '--bind-address', '127.0.0.1', '--kubeconfig', join(upstream.dataDir, 'kubeconfig')] })
  const child = spawn(process.execPath, [join(import.meta.dirname, 'bare-proxy.js')], { env: { ...process.env, UPSTREAM: url, TOKEN: token, CA: ca }, stdio: ['ignore', 'pipe', 'inherit'] })
  owner.teardown(() => child.kill())
  const port = await new Promise<string>(resolve => { child.stdout.on('data', (chunk: Buffer) => { const found = /port (\d+)/.exec(String(chunk)); if (found?.[1]) resolve(found[1]) }) })
  const path = '/api/v1/namespaces/project-1/configmaps'
  const { a, b, ratio } = await paired({ url: server.base + path, token: await login(server.base, 'admin', password) }, { url: `http://127.0.0.1:${port}${path}` })
  console.log(`a proxied GET: ${a.toFixed(0)}/s authorised and logged, ${b.toFixed(0)}/s through a bare proxy: ratio ${ratio.toFixed(2)} (${rss(server)} resident)`)
}

try {
  const few = await platform(10)
  await proxied(few)
  await tenantRequest(few, await platform(people))
} finally {
  for (const end of ends) await end()
}
