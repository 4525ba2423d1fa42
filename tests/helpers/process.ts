import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** Whoever ends what was started: a test, or a script of its own. */
export interface Owner { teardown (end: () => unknown): void }

/** The repository's root, from the source tree or from dist. */
export const root = resolve(import.meta.dirname, import.meta.dirname.includes('/dist/') ? '../../..' : '../..')

export const freePort = (): Promise<number> => new Promise(resolve => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address() as { port: number }
    server.close(() => { resolve(port) })
  })
})

/** An empty folder, removed at the end of the test. */
export function temporaryFolder (t: Owner): string {
  const folder = mkdtempSync(join(tmpdir(), 'ks-test-'))
  t.teardown(() => { rmSync(folder, { recursive: true, force: true }) })
  return folder
}

export interface Running {
  port: number
  base: string
  /** The same over TLS, which kubectl needs for its token. */
  kubectl: readonly string[]
  dataDir: string
  /** What it printed so far. */
  output: () => string
  child: ChildProcess
  adminPassword: () => string
  /** SIGTERM, then the exit code. */
  stop: () => Promise<number | null>
}

export interface StartOptions {
  dataDir?: string
  args?: readonly string[]
  env?: Record<string, string>
  cwd?: string
  /** Where its log goes, instead of into `output`. */
  logFile?: string
  /** What answers 200 once it is up; `/readyz`. */
  readiness?: string
}

/** Starts the built server as its own process on a free loopback port, and waits until it is ready; ended with the test. */
export async function startServer (t: Owner, { dataDir = join(temporaryFolder(t), 'data'), args = [], env = {}, cwd, logFile, readiness = '/readyz' }: StartOptions = {}): Promise<Running> {
  const port = await freePort()
  const base = `http://127.0.0.1:${port}`
  const child = spawn(process.execPath, [join(root, 'dist/core/main.js'), '--insecure-port', String(port), '--data-dir', dataDir, ...args], { stdio: ['ignore', 'pipe', logFile ? openSync(logFile, 'a') : 'pipe'], env: { ...process.env, ...env }, cwd: cwd ?? temporaryFolder(t) })
  let output = ''
  child.stdout?.on('data', (chunk: Buffer) => { output += String(chunk) })
  child.stderr?.on('data', (chunk: Buffer) => { output += String(chunk) })
  const exited = new Promise<number | null>(resolve => { child.once('exit', resolve) })
  const stop = async () => {
    if (child.exitCode === null) child.kill('SIGTERM')
    return exited
  }
  t.teardown(async () => {
    if (child.exitCode === null) child.kill('SIGKILL')
    await exited
  })
  for (let waited = 0; ; waited += 50) {
    const ready = await fetch(base + readiness).then(response => response.status === 200, () => false)
    if (ready) break
    if (child.exitCode !== null || waited > 60_000) throw new Error(`the server did not start:\n${output}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  return { port, base, kubectl: ['--server', `https://127.0.0.1:${port}`, '--certificate-authority', join(dataDir, 'kube-tls.crt')], dataDir, output: () => output, child, adminPassword: () => readFileSync(join(dataDir, 'admin-password'), 'utf8').trim(), stop }
}

/** An access token by the password grant; throws the answer where there is none. */
export async function login (base: string, username: string, password: string): Promise<string> {
  const response = await fetch(`${base}/oauth/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'password', username, password, client_id: 'kubesphere', client_secret: 'kubesphere' }) })
  const text = await response.text()
  if (response.status !== 200) throw new Error(`${username} cannot log in: ${response.status} ${text}`)
  return (JSON.parse(text) as { access_token: string }).access_token
}
