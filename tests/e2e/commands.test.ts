import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { login, root, startServer, temporaryFolder } from '../helpers/process.js'
import { until } from '../helpers/until.js'

const main = join(root, 'dist/core/main.js')
const skip = existsSync(main) ? false : 'the server has not been built: npm run build'
const folder = temporaryFolder(t)

const run = (args: readonly string[], input = ''): Promise<{ code: number | null, out: string, err: string }> => new Promise(resolve => {
  const child = spawn(process.execPath, [main, ...args], { cwd: folder, timeout: 60_000 })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => { out += String(chunk) })
  child.stderr.on('data', (chunk: Buffer) => { err += String(chunk) })
  child.on('close', code => { resolve({ code, out, err }) })
  child.stdin.on('error', () => {})
  child.stdin.end(input)
})

const newPassword = 'Another-Pass-2'

t.test('what a command refuses, with one sentence', { skip }, async t => {
  const nowhere = ['--data-dir', join(folder, 'nowhere')]
  const cases: [string[], RegExp][] = [
    [['unlock'], /^unlock needs the name of a user$/],
    [['reset-password', '--v', '1'], /^reset-password needs the name of a user$/],
    [['unlock', 'a', 'b'], /^unknown argument: b/],
    [['unlock', 'a', '--restore', 'x'], /^--restore is for a start/],
    [['unlock', 'admin', ...nowhere], /^there is no store in the data directory .*nowhere/],
    [['unlock', 'admin', '--kubeconfig', join(folder, 'absent')], /absent does not exist$/],
  ]
  for (const [args, err] of cases) {
    const result = await run(args)
    t.equal(result.code, 1, args.join(' '))
    t.match(result.err.trim(), err)
    t.equal(result.err.trim().split('\n').length, 1, 'one line')
  }
  t.notOk(existsSync(join(folder, 'nowhere')), 'nothing was begun')
  const { out } = await run(['--help'])
  t.match(out, /unlock USER/)
  t.match(out, /reset-password USER/)
})

t.test('an account, from the command line', { skip, timeout: 180_000 }, async t => {
  const dataDir = join(folder, 'data')
  const first = await startServer(t, { dataDir })
  const password = first.adminPassword()
  const token = await login(first.base, 'admin', password)
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const me = (base: string) => fetch(`${base}/oauth/userinfo`, { headers })
  const users = '/kapis/iam.kubesphere.io/v1alpha2/users'
  const created = await fetch(first.base + users, { method: 'POST', headers, body: JSON.stringify({ metadata: { name: 'alice', annotations: { 'iam.kubesphere.io/globalrole': 'platform-regular' } }, spec: { email: 'alice@example.com', password: 'P@88w0rd-Test' } }) })
  t.equal(created.status, 200)
  const kubeconfig = ['--kubeconfig', join(dataDir, 'kubeconfig')]

  await t.test('the embedded one is its server\'s while that runs', async t => {
    const { code, err } = await run(['unlock', 'alice', '--data-dir', dataDir])
    t.equal(code, 1)
    t.match(err, /^the data directory .* is in use by process \d+\n$/)
  })

  await t.test('with credentials of the cluster, beside a running server', async t => {
    for (let i = 0; i < 12; i++) await login(first.base, 'alice', 'Wrong-Pass-1').catch(() => {})
    await t.rejects(login(first.base, 'alice', 'P@88w0rd-Test'), 'locked')
    t.match(await run(['unlock', 'alice', ...kubeconfig]), { code: 0, out: /^alice is active; it was / })
    await until(() => login(first.base, 'alice', 'P@88w0rd-Test').then(() => true, () => false), 'the open account')
    t.match(await (await fetch(`${first.base}${users}/alice`, { headers })).json(), { status: { state: 'Active' } })

    t.match(await run(['unlock', 'nobody', ...kubeconfig]), { code: 1, err: 'user.iam.kubesphere.io "nobody" not found\n' })
    t.match(await run(['reset-password', 'nobody', ...kubeconfig], newPassword), { code: 1, err: 'user.iam.kubesphere.io "nobody" not found\n' })
    const weak = await run(['reset-password', 'alice', ...kubeconfig], 'weaK1\n')
    t.match(weak, { code: 1, err: /^the password of alice is not changed: .*at least 8 chars long\n$/ })
    t.notMatch(weak.err, 'weaK1')
    t.ok(await login(first.base, 'alice', 'P@88w0rd-Test'), 'the old one holds')
  })

  await t.test('a new password', async t => {
    const result = await run(['reset-password', 'admin', ...kubeconfig], `${newPassword}\n`)
    t.match(result, { code: 0, out: 'the password of admin is changed, and the sessions have ended\n', err: '' })
    await until(async () => (await me(first.base)).status === 401, 'the end of the sessions')
    await t.rejects(login(first.base, 'admin', password))
    t.ok(await login(first.base, 'admin', newPassword))
    t.equal(await first.stop(), 0)
  })

  await t.test('one that is made up, on the embedded one at rest', async t => {
    const { code, out, err } = await run(['reset-password', '--data-dir', dataDir, 'admin'])
    t.strictSame([code, err], [0, ''])
    const [, made = ''] = /^password: (\S{20})$/m.exec(out) ?? []
    t.match(await run(['unlock', 'alice', '--data-dir', dataDir]), { code: 0, out: 'alice is active; it was Active\n' })
    t.match(await run(['unlock', 'nobody', '--data-dir', dataDir]), { code: 1, err: 'user.iam.kubesphere.io "nobody" not found\n' })
    const second = await startServer(t, { dataDir })
    await t.rejects(login(second.base, 'admin', newPassword))
    t.ok(await login(second.base, 'admin', made))
    t.equal(await second.stop(), 0)
  })
})
