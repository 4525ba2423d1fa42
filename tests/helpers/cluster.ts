import { spawn } from 'node:child_process'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { existsSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { createRemoteTransport } from '../../core/kube/remote.js'
import { keepAuthority, keepCertificate } from '../../core/process/certificate.js'
import { freePort, temporaryFolder, type Owner } from './process.js'

/** The version of the real Kubernetes that the suites compare with. */
export const version = 'v1.34.3'
const folder = process.env.KS_REAL_DIR ?? join(homedir(), '.cache', 'ks-apiserver-real')
/** A program that scripts/real/build.mjs has built. */
export const built = (name: string): string => join(folder, `kubernetes-${version}`, name)
const etcd = join(folder, 'etcd-v3.6.5', 'etcd')

/** Why there is no real cluster here; undefined where there can be one. */
export function noCluster (): string | undefined {
  return existsSync(built('kube-apiserver')) && existsSync(etcd) ? undefined : 'kube-apiserver and etcd have not been built: npm run test:real builds them'
}

const kubeconfigOf = (server: string, token: string, ca: string) => JSON.stringify({
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [{ name: 'real', cluster: { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') } }],
  users: [{ name: 'admin', user: { token } }],
  contexts: [{ name: 'real', context: { cluster: 'real', user: 'admin' } }],
  'current-context': 'real',
})

/** A process of a test, ended with it; its output goes to a file. */
function run (t: Owner, log: string, command: string, args: readonly string[]): void {
  const out = openSync(log, 'a')
  const child = spawn(command, args, { stdio: ['ignore', out, out] })
  const exited = new Promise(resolve => { child.once('exit', resolve) })
  t.teardown(async () => {
    child.kill('SIGTERM')
    const late = setTimeout(() => child.kill('SIGKILL'), 5_000)
    await exited
    clearTimeout(late)
  })
}

export interface ClusterOptions {
  /** Whether etcd waits for the disk; false makes tests fast. */
  fsync?: boolean
  /** Whether kube-controller-manager runs beside it; with these controllers alone, where they are named. */
  controllers?: boolean | readonly string[]
}

/** etcd, kube-apiserver and kube-controller-manager on loopback ports, in a folder that goes with the test. */
export async function startCluster (t: Owner, { fsync = false, controllers = true }: ClusterOptions = {}) {
  const dir = temporaryFolder(t)
  const [client, peer, port, manager] = await Promise.all([freePort(), freePort(), freePort(), freePort()])
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs1', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } })
  const { cert } = await keepCertificate(dir, Date.now())
  await keepAuthority(dir, Date.now())
  const token = randomBytes(24).toString('hex')
  const url = `https://127.0.0.1:${port}`
  const kubeconfig = join(dir, 'kubeconfig')
  const at = (name: string) => join(dir, name)
  writeFileSync(at('sa.key'), privateKey)
  writeFileSync(at('sa.pub'), publicKey)
  writeFileSync(at('tokens.csv'), `${token},system:admin,0,"system:masters"\n`)
  writeFileSync(kubeconfig, kubeconfigOf(url, token, cert))
  run(t, at('etcd.log'), etcd, ['--data-dir', at('etcd'), '--listen-client-urls', `http://127.0.0.1:${client}`, '--advertise-client-urls', `http://127.0.0.1:${client}`, '--listen-peer-urls', `http://127.0.0.1:${peer}`, '--initial-advertise-peer-urls', `http://127.0.0.1:${peer}`, '--initial-cluster', `default=http://127.0.0.1:${peer}`, ...(fsync ? [] : ['--unsafe-no-fsync'])])
  run(t, at('apiserver.log'), built('kube-apiserver'), [
    '--etcd-servers', `http://127.0.0.1:${client}`, '--bind-address', '127.0.0.1', '--advertise-address', '127.0.0.1', '--secure-port', String(port), '--external-hostname', '127.0.0.1',
    '--tls-cert-file', at('kube-tls.crt'), '--tls-private-key-file', at('kube-tls.key'), '--client-ca-file', at('kube-client-ca.crt'), '--cert-dir', at('certs'),
    '--service-account-key-file', at('sa.pub'), '--service-account-signing-key-file', at('sa.key'), '--service-account-issuer', 'https://kubernetes.default.svc.cluster.local',
    '--token-auth-file', at('tokens.csv'), '--authorization-mode', 'RBAC', '--service-cluster-ip-range', '10.96.0.0/16', '--disable-admission-plugins', 'ServiceAccount',
  ])
  const ready = async (path: string): Promise<boolean> => {
    const transport = await createRemoteTransport({ kubeconfig })
    try {
      const { status, body } = await transport.send({ method: 'GET', path })
      body.resume()
      return status === 200
    } catch { return false } finally { await transport.close() }
  }
  const until = async (path: string) => {
    for (let i = 0; !await ready(path); i++) {
      if (i > 300) throw new Error(`the cluster did not start:\n${readFileSync(at('apiserver.log'), 'utf8').slice(-4000)}`)
      await new Promise(resolve => setTimeout(resolve, 200))
    }
  }
  await until('/readyz')
  if (controllers) {
    run(t, at('manager.log'), built('kube-controller-manager'), ['--kubeconfig', kubeconfig, '--authentication-kubeconfig', kubeconfig, '--authorization-kubeconfig', kubeconfig, '--bind-address', '127.0.0.1', '--secure-port', String(manager), '--cert-dir', at('certs'), '--service-account-private-key-file', at('sa.key'), '--root-ca-file', at('kube-tls.crt'), '--cluster-signing-cert-file', at('kube-client-ca.crt'), '--cluster-signing-key-file', at('kube-client-ca.key'), '--leader-elect=false', ...(controllers === true ? [] : [`--controllers=${controllers.join()}`])])
    await until('/api/v1/namespaces/default/serviceaccounts/default')
  }
  const transport = await createRemoteTransport({ kubeconfig })
  t.teardown(() => transport.close())
  return { url, kubeconfig, token, ca: cert, dir, transport }
}
