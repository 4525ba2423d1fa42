import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Agent, request } from 'undici'
import type { EmbeddedOptions } from '../../../../plugins/kube-embedded/index.js'
import { embeddedApi, type CallOptions, type Json, type Reply } from '../../../helpers/embedded-api.js'

export const rbac = '/apis/rbac.authorization.k8s.io/v1'
const group = 'rbac.authorization.k8s.io'

/** `get,list core pods,pods/log a,b` – verbs, API group, resources, names; `get /path` for paths. */
export function ruleOf (text: string): Json {
  const [verbs = '', second = '', resources, names] = text.split(' ')
  if (resources === undefined) return { verbs: verbs.split(','), nonResourceURLs: second.split(',') }
  return { verbs: verbs.split(','), apiGroups: second.split(',').map(name => name === 'core' ? '' : name), resources: resources.split(','), ...(names ? { resourceNames: names.split(',') } : {}) }
}

/** `User/alice`, `Group/dev`, `ServiceAccount/ns/name`. */
export function subjectOf (text: string): Json {
  const [kind, ...rest] = text.split('/')
  return kind === 'ServiceAccount' ? { kind, namespace: rest[0], name: rest[1] } : { kind, apiGroup: group, name: rest.join('/') }
}

export const roleObject = (name: string, rules: readonly string[], more: Json = {}): Json => ({ metadata: { name }, rules: rules.map(ruleOf), ...more })
export const bindingObject = (name: string, role: string, subjects: readonly string[]): Json => {
  const [kind, ...rest] = role.split('/')
  return { metadata: { name }, roleRef: { apiGroup: group, kind, name: rest.join('/') }, subjects: subjects.map(subjectOf) }
}

type Runner = Parameters<typeof embeddedApi>[0]

/** An embedded Kubernetes with namespaces `a` and `b`, asked as whomever. */
export async function withPeople (t: Runner, options: Partial<EmbeddedOptions> = {}) {
  const api = await embeddedApi(t, options)
  const { call } = api
  for (const name of ['a', 'b']) await call('POST', '/api/v1/namespaces', { metadata: { name } })
  await api.kube.settled()

  const must = async (method: string, url: string, body?: unknown): Promise<Json> => {
    const { status, json, text } = await call(method, url, body)
    if (status >= 300) throw new Error(`${method} ${url}: ${text}`)
    return json
  }
  const as = (user: string, groups: string[] = []) => (method: string, url: string, body?: unknown, more: CallOptions = {}): Promise<Reply> =>
    call(method, url, body, { ...more, headers: { 'impersonate-user': user, ...(groups.length ? { 'impersonate-group': groups } : {}), ...more.headers } })
  const place = (namespace: string, kind: string) => namespace ? `${rbac}/namespaces/${namespace}/${kind}s` : `${rbac}/cluster${kind}s`
  /** Grants rules in a namespace ('': everywhere) by a role and a binding of one name. */
  const grant = async (namespace: string, name: string, subjects: string[], rules: string[]) => {
    await must('POST', place(namespace, 'role'), roleObject(name, rules))
    await must('POST', place(namespace, 'rolebinding'), bindingObject(name, `${namespace ? 'Role' : 'ClusterRole'}/${name}`, subjects))
  }
  return { ...api, must, as, grant }
}

/** The listener, asked with whatever token. */
export async function overHTTP (t: Runner, { kube, dataDir }: Awaited<ReturnType<typeof embeddedApi>>) {
  const { url } = await kube.listen()
  const ca = await readFile(join(dataDir, 'kube-tls.crt'), 'utf8')
  const dispatcher = new Agent({ connect: { ca } })
  t.teardown(() => dispatcher.destroy())
  const adminToken = (await readFile(join(dataDir, 'kube-token'), 'utf8')).trim()
  const ask = async (method: string, path: string, token: string | undefined, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await request(url + path, { method: method as 'GET', dispatcher, headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...(body ? { 'content-type': 'application/json' } : {}), ...headers }, ...(body ? { body: JSON.stringify(body) } : {}) })
    const text = await response.body.text()
    return { status: response.statusCode, text, json: text.startsWith('{') ? JSON.parse(text) as Json : {} }
  }
  return { url, ca, adminToken, ask }
}
