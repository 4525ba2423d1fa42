import { LRUCache } from 'lru-cache'
import { readAll, type App, type Kube } from '../../core/sdk/index.js'

/** Consoles choose API versions by it. */
const gitVersion = 'v3.4.1'
const own = {
  gitVersion,
  gitMajor: '3',
  gitMinor: '4',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: `node ${process.versions.node}`,
  platform: `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`,
}
/** How long an answer of Kubernetes is believed (ms), and how much of one is read (bytes). */
const cache = { max: 1, ttl: 60_000 }
const longest = 64 * 1024

async function read (kube: Kube): Promise<unknown> {
  const { status, body } = await kube.transport.send({ method: 'GET', path: '/version', timeout: 2_000 })
  const text = (await readAll(body, longest)).toString('utf8')
  if (status !== 200) throw new Error(`the version was answered with ${status}`)
  return JSON.parse(text)
}

/** Our version and, where it can be reached, Kubernetes'. */
export function versionRoutes (app: App, kube: Kube): void {
  const known = new LRUCache<'kubernetes', object>(cache)
  const version = async () => {
    let kubernetes = known.get('kubernetes')
    if (!kubernetes) {
      kubernetes = await read(kube).catch(() => undefined) as object | undefined
      if (kubernetes) known.set('kubernetes', kubernetes)
    }
    return { ...own, ...(kubernetes ? { kubernetes } : {}) }
  }
  app.get('/kapis/version', version)
  app.get('/version', version)
}
