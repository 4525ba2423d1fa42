import { execFile } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { login, root, startServer, temporaryFolder, type Running } from '../helpers/process.js'

const main = join(root, 'dist/core/main.js')
const script = join(root, 'dist/scripts/snapshot.js')
const skip = existsSync(main) && existsSync(script) ? false : 'the server has not been built: npm run build'
const password = 'P@88w0rd-Test'
const env = { KUBESPHERE_ADMIN_PASSWORD: password }
const configMaps = '/api/v1/namespaces/default/configmaps'

const run = (file: string, args: readonly string[], cwd: string): Promise<{ code: number, out: string, err: string }> => new Promise(resolve => {
  execFile(process.execPath, [file, ...args], { cwd, env: { ...process.env, ...env }, timeout: 60_000 }, (error, out, err) => { resolve({ code: error ? Number(error.code ?? 1) : 0, out, err: err.trim() }) })
})

async function asAdmin ({ base }: Running) {
  const token = await login(base, 'admin', password)
  return async (method: string, path: string, body?: object) => {
    const response = await fetch(base + path, { method, headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) }, ...(body ? { body: JSON.stringify(body) } : {}) })
    const text = await response.text()
    return { status: response.status, text, json: text.startsWith('{') && !text.includes('\n{') ? JSON.parse(text) as Record<string, any> : {} }
  }
}

t.setTimeout(200_000)

t.test('a running server is copied, and starts again from the copy', { skip, timeout: 120_000 }, async t => {
  const folder = temporaryFolder(t)
  const file = join(folder, 'snapshot')
  const server = await startServer(t, { env })
  const ask = await asAdmin(server)
  t.equal((await ask('POST', configMaps, { metadata: { name: 'before' }, data: { x: '1' } })).status, 201)
  const writing = Promise.all(Array.from({ length: 50 }, (_, i) => ask('POST', configMaps, { metadata: { name: `meanwhile-${i}` } })))
  const taken = await run(script, [file, '--data-dir', server.dataDir], folder)
  t.match(taken, { code: 0, err: '', out: /snapshot: \d+ objects at revision \d+\n$/ })
  t.equal(statSync(file).mode & 0o777, 0o600)
  t.ok((await writing).every(({ status }) => status === 201), 'the server goes on')
  t.equal((await ask('POST', configMaps, { metadata: { name: 'after' } })).status, 201)
  const last = (await ask('GET', configMaps)).json['metadata'].resourceVersion as string
  t.match(await run(script, [file, '--data-dir', server.dataDir], folder), { code: 1, err: /^\S+snapshot exists already: [^\n]+--force to replace it$/ })
  t.equal((await run(script, [file, '--data-dir', server.dataDir, '--force'], folder)).code, 0)
  t.match(await run(main, ['--data-dir', server.dataDir, '--insecure-port', '1', '--restore', file, '--force'], folder), { code: 1, err: /^--restore: the data directory \S+ is in use by process \d+$/ })
  t.equal((await ask('DELETE', `${configMaps}/before`)).status, 200)
  t.equal(await server.stop(), 0)

  const dataDir = join(folder, 'restored')
  const restored = await startServer(t, { dataDir, args: ['--restore', file], env })
  t.match(restored.output(), /restored \d+ objects of \S+snapshot; revisions go on behind \d{10}/)
  const askAgain = await asAdmin(restored)
  t.match((await askAgain('GET', `${configMaps}/before`)).json, { data: { x: '1' } })
  t.equal((await askAgain('GET', `${configMaps}/after`)).status, 200)
  const list = await askAgain('GET', configMaps)
  t.ok(Number(list.json['metadata'].resourceVersion) > Number(last))
  const watch = await askAgain('GET', `${configMaps}?watch=true&timeoutSeconds=5&resourceVersion=${last}`)
  t.match(watch.text, /"type":"ERROR".*"code":410/, 'a watch of before is told to list again')
  t.equal(await restored.stop(), 0)

  t.match(await run(main, ['--data-dir', dataDir, '--insecure-port', '1', '--restore', file], folder), { code: 1, err: /^--restore: the data directory \S+ holds a store already: [^\n]+$/ })
  const forced = await startServer(t, { dataDir, args: ['--restore', file, '--force'], env })
  t.match(forced.output(), /the old store is \S+store\.mdb\.replaced-/)
  t.equal(readdirSync(dataDir).filter(name => name.startsWith('store.mdb.replaced-')).length, 1)
  t.equal(await forced.stop(), 0)
})

t.test('wrong use is one sentence', { skip, timeout: 120_000 }, async t => {
  const folder = temporaryFolder(t)
  const cases: [string, string, string[], RegExp][] = [
    ['no file', script, [], /^usage: npm run snapshot -- FILE/],
    ['an unknown flag', script, ['x', '--nothing'], /^unknown flag: --nothing/],
    ['no store', script, ['x'], /^the data directory \S+ holds no store/],
    ['nothing to restore', main, ['--restore'], /^--restore needs a value/],
    ['a file that is not there', main, ['--restore', 'absent', '--data-dir', join(folder, 'data')], /^--restore: absent does not exist$/],
    ['no snapshot', main, ['--restore', main, '--data-dir', join(folder, 'data')], /^--restore: \S+main\.js is no snapshot/],
    ['force alone', main, ['--force'], /^--force is for --restore/],
    ['a cluster', main, ['--restore', main, '--master', 'http://127.0.0.1:1'], /^--restore is for the embedded Kubernetes/],
  ]
  for (const [what, file, args, err] of cases) {
    const result = await run(file, args, folder)
    t.equal(result.code, 1, what)
    t.match(result.err, err, what)
    t.equal(result.err.split('\n').length, 1, `${what}: one line`)
  }
  t.match((await run(main, ['--help'], folder)).out, /--restore FILE .*\n +--force/)
})
