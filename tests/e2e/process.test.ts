import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { login, root, startServer, temporaryFolder } from '../helpers/process.js'
import { until } from '../helpers/until.js'

const main = join(root, 'dist/core/main.js')
const skip = existsSync(main) ? false : 'the server has not been built: npm run build'
const run = (args: readonly string[], cwd: string, env: Record<string, string> = {}): Promise<{ code: number, out: string, err: string }> => new Promise(resolve => {
  execFile(process.execPath, [main, ...args], { cwd, env: { ...process.env, ...env }, timeout: 60_000 }, (error, out, err) => { resolve({ code: error ? Number(error.code ?? 1) : 0, out, err }) })
})
const secret = 'a-secret-for-tests-of-32-letters'

t.test('a wrong option or file stops the start with one sentence', { skip }, async t => {
  const folder = temporaryFolder(t)
  const file = (name: string, text: string) => { const path = join(folder, name); writeFileSync(path, text); return path }
  const lacking = join(folder, 'absent.yaml')
  const cases: [string, string[], RegExp, number][] = [
    ['an unknown flag', ['--nothing', '1'], /^unknown flag: --nothing/, 1],
    ['no file', ['--config', lacking], /absent\.yaml does not exist/, 1],
    ['a port that is none', ['--insecure-port', 'x'], /^--insecure-port: "x" is not/, 1],
    ['a port out of range', ['--insecure-port', '70000'], /insecurePort: 70000 is not a port/, 1],
    ['no port at all', ['--insecure-port', '0'], /can not be disabled at the same time/, 1],
    ['TLS without files', ['--secure-port', '1'], /--tls-cert-file/, 1],
    ['a kubeconfig that is not there', ['--kubeconfig', lacking], /absent\.yaml does not exist/, 1],
    ['broken YAML', ['--config', file('broken.yaml', 'a: [1\nb: 2')], /broken\.yaml:\d+: /, 255],
    ['an empty file', ['--config', file('empty.yaml', '')], /expected keys with values, found nothing/, 255],
    ['a value of another type', ['--config', file('type.yaml', `authentication:\n  jwtSecret: ${secret}\n  multipleLogin: perhaps\n`)], /type\.yaml:3: .*multipleLogin/, 255],
    ['a file without a secret', ['--config', file('secret.yaml', 'authentication: {}')], /JWT secret MUST not be empty/, 1],
    ['an unknown mode', ['--authorization', 'Sometimes'], /authorization mode Sometimes not support/, 1],
  ]
  for (const [what, args, err, code] of cases) {
    const result = await run(args, folder)
    t.equal(result.code, code, `${what}: ${result.err}`)
    t.match(result.err.trim(), err, what)
    t.equal(result.err.trim().split('\n').length, 1, `${what}: one line`)
  }
  t.notOk(existsSync(join(folder, '.data')), 'nothing was begun')
  t.match(await run(['version'], folder), { code: 0, out: 'v3.4.1\n' })
  t.match((await run(['--help'], folder)).out, /--insecure-port +server\.insecurePort/)
})

t.test('a first start, a second one, and the end of both', { skip }, async t => {
  const data = join(temporaryFolder(t), 'data')
  const first = await startServer(t, { dataDir: data })
  t.match(first.output(), /administrator: admin\ninitial password: \S{20} \(kept in /)
  for (const name of ['admin-password', 'jwt-secret', 'kubeconfig', 'kube-token', 'kube-tls.key', 'store.mdb']) t.equal(statSync(join(data, name)).mode & 0o777, 0o600, name)
  t.equal(statSync(data).mode & 0o777, 0o700)
  const password = first.adminPassword()
  const token = await login(first.base, 'admin', password)
  const other = await run(['--data-dir', data, '--insecure-port', '1'], temporaryFolder(t))
  t.equal(other.code, 1)
  t.match(other.err, /is in use by process/)

  const watch = await fetch(`${first.base}/api/v1/namespaces?watch=true`, { headers: { authorization: `Bearer ${token}` } })
  t.equal(watch.status, 200)
  const watched = watch.text().then(() => 'ended', () => 'ended')
  t.equal(await first.stop(), 0, 'exit 0 on SIGTERM')
  t.equal(await watched, 'ended', 'watches end')

  const second = await startServer(t, { dataDir: data })
  t.notMatch(second.output(), password, 'the password is shown once')
  t.match(second.output(), /initial password: in /)
  t.equal((await fetch(`${second.base}/oauth/userinfo`, { headers: { authorization: `Bearer ${token}` } })).status, 200, 'sessions outlive a restart')
  t.equal(await second.stop(), 0)
})

t.test('an operator\'s own password, and no other', { skip }, async t => {
  const server = await startServer(t, { env: { KUBESPHERE_ADMIN_PASSWORD: 'Operator-Pass-1' } })
  t.ok(await login(server.base, 'admin', 'Operator-Pass-1'))
  t.notOk(existsSync(join(server.dataDir, 'admin-password')))
  t.notMatch(server.output(), 'Operator-Pass-1')
  await server.stop()
  const refused = await run(['--data-dir', join(temporaryFolder(t), 'data'), '--insecure-port', '1'], temporaryFolder(t), { KUBESPHERE_ADMIN_PASSWORD: 'weak' })
  t.equal(refused.code, 1)
  t.match(refused.err, /KUBESPHERE_ADMIN_PASSWORD/)
  t.notMatch(refused.err, '"weak"')
})

t.test('a changed file is taken up once it is valid', { skip }, async t => {
  const folder = temporaryFolder(t)
  const file = join(folder, 'kubesphere.yaml')
  const write = (more: string) => { writeFileSync(file, `authentication:\n  jwtSecret: ${secret}\n${more}`) }
  write('')
  const server = await startServer(t, { cwd: folder, args: ['--bind-address', '127.0.0.1'], env: { KUBESPHERE_ADMIN_PASSWORD: 'Operator-Pass-1' } })
  const configz = async () => await (await fetch(`${server.base}/kapis/config.kubesphere.io/v1alpha2/configs/configz`)).json() as Record<string, boolean>
  t.equal((await configz()).monitoring, false)
  write('monitoring: {endpoint: "http://127.0.0.1:1"}\n')
  await until(async () => (await configz()).monitoring === true, 'the new configuration')
  write('monitoring: {endpoint: [1\n')
  await until(() => server.output().includes('is not taken up'), 'the refusal')
  t.equal((await configz()).monitoring, true, 'the old one stays in force')
  t.equal(await server.stop(), 0)
})

t.test('a Kubernetes that is away stops nothing', { skip }, async t => {
  const folder = temporaryFolder(t)
  mkdirSync(folder, { recursive: true })
  const kubeconfig = join(folder, 'kubeconfig')
  writeFileSync(kubeconfig, JSON.stringify({ apiVersion: 'v1', kind: 'Config', clusters: [{ name: 'a', cluster: { server: 'http://127.0.0.1:1' } }], users: [{ name: 'a', user: { token: 'x' } }], contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }], 'current-context': 'a' }))
  const file = join(folder, 'kubesphere.yaml')
  writeFileSync(file, `authentication:\n  jwtSecret: ${secret}\n`)
  const server = await startServer(t, { args: ['--config', file, '--bind-address', '127.0.0.1', '--kubeconfig', kubeconfig], readiness: '/livez' })
  const ready = await fetch(`${server.base}/readyz?verbose`)
  t.equal(ready.status, 503)
  t.match(await ready.text(), /\[-\]kubernetes failed: the Kubernetes API cannot be reached/)
  t.equal((await fetch(`${server.base}/kapis/version`)).status, 200)
  const away = await fetch(`${server.base}/api/v1/pods`)
  t.equal(away.status, 503)
  t.notMatch(await away.text(), '127.0.0.1:1', 'no address in an answer')
  t.equal(await server.stop(), 0)
  t.ok(readFileSync(kubeconfig))
})
