import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { Pool } from 'undici'
import { freePort, temporaryFolder, type Owner } from '../tests/helpers/process.js'

const binary = [join(process.env.KS_REAL_DIR ?? join(homedir(), '.cache', 'ks-apiserver-real'), 'etcd-v3.6.5', 'etcd'), '/usr/bin/etcd', '/usr/local/bin/etcd'].find(path => existsSync(path))

/** Certificate files and the root that clients trust, PEM. */
export interface Tls { readonly certFile: string, readonly keyFile: string, readonly ca: string }

export interface Etcd { readonly url: string, readonly ca: string }

/** One etcd of one member on loopback, fsync on as it is by default, clients over TLS; undefined where none is installed. */
export async function startEtcd (owner: Owner, { certFile, keyFile, ca }: Tls): Promise<Etcd | undefined> {
  if (!binary) return undefined
  const [client, peer] = [await freePort(), await freePort()]
  const url = `https://127.0.0.1:${client}`
  const peers = `http://127.0.0.1:${peer}`
  const child = spawn(binary, ['--data-dir', join(temporaryFolder(owner), 'etcd'), '--listen-client-urls', url, '--advertise-client-urls', url, '--listen-peer-urls', peers, '--initial-advertise-peer-urls', peers, '--initial-cluster', `default=${peers}`, '--cert-file', certFile, '--key-file', keyFile, '--logger', 'zap', '--log-level', 'error'], { stdio: 'ignore' })
  const exited = new Promise(resolve => child.once('exit', resolve))
  owner.teardown(async () => { child.kill('SIGKILL'); await exited })
  const pool = new Pool(url, { connect: { ca } })
  for (let waited = 0; ; waited += 100) {
    const ready = await pool.request({ method: 'GET', path: '/health' }).then(async ({ body }) => (await body.text()).includes('true'), () => false)
    if (ready) break
    if (waited > 20_000 || child.exitCode !== null) throw new Error('etcd did not start')
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  await pool.close()
  return { url, ca }
}
