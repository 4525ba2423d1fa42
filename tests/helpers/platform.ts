import { join } from 'node:path'
import type { Test } from 'tap'
import { createKube } from '../../core/kube/client.js'
import { listen } from '../../core/process/listener.js'
import { createServer } from '../../core/server.js'
import type { Kube, KubeTransport } from '../../core/sdk/index.js'
import { configOf } from '../../core/sdk/collect.js'
import { defaultConfig } from '../../config/load.js'
import type { ServerConfig } from '../../config/server.js'
import { createEmbeddedKubernetes, groups } from '../../plugins/index.js'
import { client, silent, type Ask, type Reply } from './app.js'
import { startCluster } from './cluster.js'
import { temporaryFolder } from './process.js'

export const password = 'P@88w0rd-Test'

/** An embedded Kubernetes, or a real one where the suite of real servers asks for it. */
async function kubernetes (t: Test, dataDir: string): Promise<{ transport: KubeTransport, close: () => Promise<void> }> {
  if (process.env.KS_KUBERNETES !== 'real') {
    const embedded = await createEmbeddedKubernetes({ dataDir, log: silent })
    await embedded.listen()
    return { transport: embedded.transport, close: () => embedded.close() }
  }
  const { transport } = await startCluster(t)
  return { transport, close: async () => {} }
}

/** The whole server on a Kubernetes, over HTTP on a loopback port; closed by the test, and before what was begun before it. */
export async function serveOn (t: Test, config: ServerConfig, transport: KubeTransport, prepare: (kube: Kube) => Promise<void> = async () => {}) {
  const kube = createKube({ transport, log: silent })
  await prepare(kube)
  const server = await createServer({ config, groups, kube, log: silent })
  const listener = await listen({ host: '127.0.0.1', port: 0, protocol: 'plain', handler: () => server })
  t.teardown(async () => {
    listener.drain()
    await server.close(2_000)
    await listener.close()
    await kube.close()
  })
  return { kube, server, port: listener.port }
}

/** The whole server on an embedded Kubernetes of its own, over HTTP on a loopback port; closed by the test. */
export async function platform (t: Test, change: (config: ServerConfig) => void = () => {}, prepare: (kube: Kube) => Promise<void> = async () => {}) {
  const dataDir = join(temporaryFolder(t), 'data')
  const config = defaultConfig(configOf(groups))
  config.server.dataDir = dataDir
  config.bootstrap = true
  config.authentication.jwtSecret = 'a-secret-for-tests-of-32-letters'
  config.authentication.multipleLogin = true
  config.authentication.oauthOptions.clients = [{ name: 'kubesphere', secret: 'kubesphere', redirectURIs: ['*'], respondWithChallenges: false, grantMethod: '', scopeRestrictions: [] }]
  change(config)
  process.env.KUBESPHERE_ADMIN_PASSWORD = password
  const { transport, close } = await kubernetes(t, dataDir)
  t.teardown(close)
  const { kube, server, port } = await serveOn(t, config, transport, prepare)
  const raw = client(port)

  async function login (name: string, secret = password): Promise<Reply> {
    return raw('POST', '/oauth/token', { body: String(new URLSearchParams({ grant_type: 'password', username: name, password: secret, client_id: 'kubesphere', client_secret: 'kubesphere' })), headers: { 'content-type': 'application/x-www-form-urlencoded' } })
  }
  const tokens = new Map<string, string>()

  /** Asks as somebody, who is logged in at the first time; '' is nobody. */
  async function ask (who: string, method: string, path: string, more: Ask = {}): Promise<Reply> {
    if (who && !tokens.has(who)) {
      const { status, json, text } = await login(who)
      if (status !== 200) throw new Error(`${who} cannot log in: ${text}`)
      tokens.set(who, json.access_token as string)
    }
    return raw(method, path, { ...more, ...(who ? { as: tokens.get(who) ?? '' } : {}) })
  }

  /** Waits, bounded, until an answer is as wanted. */
  async function until (who: string, path: string, wanted: (reply: Reply) => boolean): Promise<Reply> {
    for (let i = 0; ; i++) {
      const reply = await ask(who, 'GET', path)
      if (wanted(reply)) return reply
      if (i > 4800) throw new Error(`${path} stays ${reply.status} ${reply.text.slice(0, 500)}`)
      await new Promise(resolve => setTimeout(resolve, 25))
    }
  }
  return { ask, raw, login, until, kube, server, port, dataDir }
}
