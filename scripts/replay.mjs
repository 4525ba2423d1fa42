#!/usr/bin/env node
// Compares this server with recorded answers: `npm run replay -- DIR [options of DIR/replay.mjs]`. DIR holds load.mjs, replay.mjs, golden.json.gz and
// kubesphere.yaml. The server starts afresh on its embedded Kubernetes with that configuration, is loaded, asked, and stopped. With KS_KUBERNETES=real it
// stands on a real cluster, which is started for it (npm run test:real builds what that takes). Where Prometheus is installed, one holds DIR/metrics.mjs.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { dump, load } from 'js-yaml'

const [dir, ...options] = process.argv.slice(2)
if (!dir || !existsSync(join(dir, 'replay.mjs'))) {
  console.log('usage: npm run replay -- DIR: no recording is there.')
  process.exit(2)
}
const password = 'P@88w0rd'
const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'ks-replay-'))
const port = await new Promise(resolve => { const server = createServer().listen(0, '127.0.0.1', () => { const { port } = server.address(); server.close(() => resolve(port)) }) })
const base = `http://127.0.0.1:${port}`

// The configuration of the recording, on the embedded Kubernetes or on a cluster of its own.
const ends = []
const cluster = process.env.KS_KUBERNETES === 'real' ? await (await import('../dist/tests/helpers/cluster.js')).startCluster({ teardown: end => { ends.unshift(end) } }) : undefined
const at = String(Math.ceil(Date.now() / 60_000) * 60 + 3600)
const prometheus = await startPrometheus()
const { kubernetes, ...config } = load(readFileSync(join(dir, 'kubesphere.yaml'), 'utf8'))
const file = join(folder, 'kubesphere.yaml')
config.monitoring = { ...config.monitoring, endpoint: prometheus }
writeFileSync(file, dump(cluster ? { ...config, bootstrap: true, kubernetes: { kubeconfig: cluster.kubeconfig } } : config))

/** The address of a Prometheus with the recording's samples; '' where none is installed. */
async function startPrometheus () {
  const helper = await import('../dist/tests/helpers/prometheus.js')
  if (!existsSync(join(dir, 'metrics.mjs')) || !helper.hasPrometheus()) {
    console.log('Prometheus and promtool, or the samples, are not here: metrics are not compared.')
    return ''
  }
  const samples = spawnSync(process.execPath, [resolve(dir, 'metrics.mjs'), at], { encoding: 'utf8', maxBuffer: 1 << 28 })
  if (samples.status !== 0) throw new Error(`the samples cannot be made: ${samples.stderr}`)
  return (await helper.startPrometheus({ teardown: end => { ends.unshift(end) } }, samples.stdout)).url
}

const server = spawn(process.execPath, ['--enable-source-maps', join(root, 'dist/core/main.js'), '--config', file, '--bind-address', '127.0.0.1', '--insecure-port', String(port), '--data-dir', join(folder, 'data')], { stdio: ['ignore', 'ignore', process.env.VERBOSE ? 'inherit' : 'ignore'], env: { ...process.env, KUBESPHERE_ADMIN_PASSWORD: password }, cwd: folder })
const exited = new Promise(resolve => server.once('exit', resolve))
const node = (script, ...args) => spawnSync(process.execPath, [resolve(dir, script), '--server', base, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 })

let code = 1
try {
  for (let i = 0; await fetch(`${base}/readyz`).then(r => r.status !== 200, () => true); i++) {
    if (i > 600 || server.exitCode !== null) throw new Error('the server did not start')
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  const answer = await fetch(`${base}/oauth/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'password', username: 'admin', password, client_id: 'kubesphere', client_secret: 'kubesphere' }) })
  const { access_token: token } = await answer.json()
  const loaded = node('load.mjs', '--token', token)
  process.stdout.write(loaded.stdout + loaded.stderr)
  if (loaded.status !== 0) throw new Error('the fixture did not load')
  const replayed = node('replay.mjs', '--base', at, '--golden', resolve(dir, 'golden.json.gz'), '--admin-password', password, ...options)
  process.stdout.write(replayed.stdout + replayed.stderr)
  code = replayed.status
} catch (error) {
  console.error(error.message)
} finally {
  server.kill('SIGTERM')
  await exited
  for (const end of ends) await end()
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = code
