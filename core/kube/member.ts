import { load } from 'js-yaml'
import { Agent, request } from 'undici'
import { badRequest } from '../errors/status-error.js'
import { isRecord, type Json } from '../sdk/values.js'

/** Bounds of a question to another cluster: time in ms, answer in bytes. */
const bounds = { time: 10_000, answer: 4 * 1024 * 1024 }

const entryOf = (list: unknown, name: unknown, field: string): Json => {
  const found = Array.isArray(list) ? list.find(one => isRecord(one) && one.name === name) as Json | undefined : undefined
  return isRecord(found?.[field]) ? found[field] : {}
}
const text = (value: unknown): string => typeof value === 'string' ? value : ''
const bytes = (base64: unknown): Buffer | undefined => text(base64) ? Buffer.from(text(base64), 'base64') : undefined

interface Reach { url: URL, tls: { ca?: Buffer, cert?: Buffer, key?: Buffer, rejectUnauthorized: boolean, servername?: string }, authorization?: string }

/** Keys that would run a program or read a file of this server. */
const dangerous = new Set(['exec', 'auth-provider', 'tokenFile', 'client-certificate', 'client-key', 'certificate-authority', 'proxy-url'])

/** Reads a kubeconfig whose content came from outside: data alone is used; programs, files and proxies are refused. */
export function readInlineKubeconfig (content: string): Reach {
  const config = load(content)
  if (!isRecord(config)) throw badRequest('the kubeconfig cannot be read')
  const context = entryOf(config.contexts, config['current-context'], 'context')
  const cluster = entryOf(config.clusters, context.cluster, 'cluster')
  const user = entryOf(config.users, context.user, 'user')
  for (const key of [...Object.keys(cluster), ...Object.keys(user)]) if (dangerous.has(key)) throw badRequest(`the kubeconfig uses ${key}, which is not followed`)
  const url = URL.canParse(text(cluster.server)) ? new URL(text(cluster.server)) : undefined
  if (url?.protocol !== 'https:') throw badRequest('the kubeconfig names no https server')
  const [ca, cert, key] = [bytes(cluster['certificate-authority-data']), bytes(user['client-certificate-data']), bytes(user['client-key-data'])]
  return {
    url,
    tls: { rejectUnauthorized: cluster['insecure-skip-tls-verify'] !== true, ...(ca ? { ca } : {}), ...(cert ? { cert } : {}), ...(key ? { key } : {}), ...(cluster['tls-server-name'] ? { servername: text(cluster['tls-server-name']) } : {}) },
    ...(text(user.token) ? { authorization: `Bearer ${text(user.token)}` } : {}),
  }
}

/** One GET at another cluster's Kubernetes, by the kubeconfig stored for it. Never follows a redirect. */
export async function readMember<T> (kubeconfig: string, path: string, query: string): Promise<T> {
  const { url, tls, authorization } = readInlineKubeconfig(kubeconfig)
  const dispatcher = new Agent({ connections: 1, connect: { timeout: bounds.time, ...tls }, maxResponseSize: bounds.answer })
  try {
    const target = new URL(`${url.pathname.replace(/\/$/, '')}${path}?${query}`, url.origin)
    const { statusCode, body } = await request(target, { dispatcher, headers: { accept: 'application/json', ...(authorization ? { authorization } : {}) }, signal: AbortSignal.timeout(bounds.time) })
    if (statusCode !== 200) throw badRequest(`the cluster answered ${statusCode}`)
    return await body.json() as T
  } finally { await dispatcher.destroy() }
}
