#!/usr/bin/env node
// What a newcomer does by the README, as facts: `npm start` from nothing, log in, use the API right and wrong, stop. Exits 0 where all hold.
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const freePort = () => new Promise(resolve => {
  const server = createServer().listen(0, '127.0.0.1', () => { const { port } = server.address(); server.close(() => resolve(port)) })
})

let failures = 0
const fact = (what, holds) => { console.log(`${holds ? 'ok' : 'NOT OK'} - ${what}`); if (!holds) failures++ }

const dir = await mkdtemp(join(tmpdir(), 'ks-newcomer-'))
const port = await freePort()
const base = `http://127.0.0.1:${port}`
const started = Date.now()
const child = spawn('npm', ['start', '--', '--insecure-port', String(port), '--data-dir', join(dir, 'data')], { stdio: ['ignore', 'pipe', 'inherit'], detached: true })
let printed = ''
child.stdout.on('data', chunk => { printed += chunk })
const exited = new Promise(resolve => child.once('exit', code => resolve(code)))

async function up () {
  for (;;) {
    const response = await fetch(`${base}/readyz`).catch(() => undefined)
    if (response?.status === 200) return
    if (child.exitCode !== null || Date.now() - started > 120_000) throw new Error(`the server did not start:\n${printed}`)
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

const call = async (method, path, { token, body, type = 'application/json' } = {}) => {
  const response = await fetch(base + path, { method, body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body), headers: { ...(body === undefined ? {} : { 'content-type': type }), ...(token ? { authorization: `Bearer ${token}` } : {}) } })
  const text = await response.text()
  let json; try { json = JSON.parse(text) } catch {}
  return { status: response.status, text, json }
}
const login = (username, password) => call('POST', '/oauth/token', { type: 'application/x-www-form-urlencoded', body: String(new URLSearchParams({ grant_type: 'password', username, password, client_id: 'kubesphere', client_secret: 'kubesphere' })) })

try {
  await up()
  fact(`serves within a minute (${((Date.now() - started) / 1000).toFixed(1)} s)`, Date.now() - started < 60_000)
  fact('prints the address', printed.includes(`127.0.0.1:${port}`))
  fact('prints the admin and where the password is', /admin/.test(printed) && printed.includes('admin-password'))
  const file = join(dir, 'data', 'admin-password')
  fact('the password file is for its owner alone', ((await stat(file)).mode & 0o777) === 0o600)
  const password = (await readFile(file, 'utf8')).trim()

  fact('a wrong password is 400', (await login('admin', 'wrong')).status === 400)
  const { status, json: tokens } = await login('admin', password)
  fact('the right one logs in', status === 200 && typeof tokens?.access_token === 'string')
  const token = tokens?.access_token

  fact('who am I', (await call('GET', '/oauth/userinfo', { token })).json?.name === 'admin')
  fact('nobody may list pods', (await call('GET', '/api/v1/pods')).status === 403)
  fact('the admin may', (await call('GET', '/api/v1/pods', { token })).json?.kind === 'PodList')
  const workspace = { apiVersion: 'tenant.kubesphere.io/v1alpha2', kind: 'WorkspaceTemplate', metadata: { name: 'demo' }, spec: { placement: { clusterSelector: {} }, template: { spec: { manager: 'admin' } } } }
  fact('creates a workspace', (await call('POST', '/apis/tenant.kubesphere.io/v1alpha2/workspacetemplates', { token, body: workspace })).status === 201)
  fact('not twice', (await call('POST', '/apis/tenant.kubesphere.io/v1alpha2/workspacetemplates', { token, body: workspace })).status === 409)
  fact('broken JSON is 400', (await call('POST', '/apis/tenant.kubesphere.io/v1alpha2/workspacetemplates', { token, body: '{' })).status === 400)
  fact('an unknown kapis path is 404', (await call('GET', '/kapis/nothing.kubesphere.io/v1/things', { token })).status === 404)
  fact('people are listed without their hashes', !(await call('GET', '/apis/iam.kubesphere.io/v1alpha2/users', { token })).text.includes('$2'))

  // npm does not always pass signals on; the server is told directly, as a service manager would.
  process.kill(-child.pid, 'SIGTERM')
  const code = await Promise.race([exited, new Promise(resolve => setTimeout(resolve, 30_000, 'late').unref())])
  fact(`stops on SIGTERM (${code})`, code !== 'late')
} catch (error) {
  fact(error.message, false)
} finally {
  if (child.exitCode === null) try { process.kill(-child.pid, 'SIGKILL') } catch {}
  await rm(dir, { recursive: true, force: true })
}
process.exitCode = failures ? 1 : 0
