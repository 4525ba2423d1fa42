// Decisions at cluster and project scope against a real kube-apiserver's: random roles and bindings, each set with people and a project of its own.
import fc from '../helpers/fast-check.js'
import t from 'tap'
import { createAccess } from '../../core/auth/access.js'
import type { Attributes } from '../../core/auth/types.js'
import { createKube } from '../../core/kube/client.js'
import { silent } from '../helpers/app.js'
import { noCluster, startCluster } from '../helpers/cluster.js'
import { apiOver, type KubeApi } from '../helpers/kube-api.js'

const sets = Number(process.env.KS_SETS ?? 5_000)
const projects = 50
const why = noCluster()

const rule = fc.record({
  verbs: fc.subarray(['get', 'list', 'create', 'delete', '*'], { minLength: 1, maxLength: 2 }),
  apiGroups: fc.subarray(['', 'apps', '*'], { minLength: 1, maxLength: 2 }),
  resources: fc.subarray(['pods', 'pods/log', '*/log', 'pods/*', '*', 'deployments', 'deployments/scale'], { minLength: 1, maxLength: 2 }),
  resourceNames: fc.oneof({ weight: 3, arbitrary: fc.constant<string[]>([]) }, fc.constant(['n1'])),
})
const binding = fc.record({ kind: fc.constantFrom('RoleBinding', 'ClusterRoleBinding', 'RoleBinding to a ClusterRole'), subject: fc.constantFrom('User', 'Group', 'ServiceAccount', 'somebody else'), rules: fc.array(rule, { minLength: 1, maxLength: 2 }) })
const question = fc.record({ verb: fc.constantFrom('get', 'list', 'create', 'delete', 'patch'), apiGroup: fc.constantFrom('', 'apps', 'batch'), resource: fc.constantFrom('pods', 'deployments', 'secrets'), subresource: fc.constantFrom('', '', 'log', 'scale'), name: fc.constantFrom('', 'n1', 'n2'), inProject: fc.boolean(), account: fc.boolean() })
const set = fc.record({ bindings: fc.array(binding, { minLength: 1, maxLength: 3 }), questions: fc.array(question, { minLength: 2, maxLength: 4 }) })
type RandomSet = typeof set extends fc.Arbitrary<infer T> ? T : never

const rbac = '/apis/rbac.authorization.k8s.io/v1'
const projectOf = (i: number) => `p-${i % projects}`

const subjectOf = (subject: string, i: number) => ({
  User: { kind: 'User', name: `u-${i}`, apiGroup: 'rbac.authorization.k8s.io' },
  Group: { kind: 'Group', name: `g-${i}`, apiGroup: 'rbac.authorization.k8s.io' },
  ServiceAccount: { kind: 'ServiceAccount', name: `s-${i}`, namespace: projectOf(i) },
}[subject] ?? { kind: 'User', name: `x-${i}`, apiGroup: 'rbac.authorization.k8s.io' })

async function post (api: KubeApi, url: string, body: object): Promise<void> {
  const { status, text } = await api.call('POST', url, body)
  if (status !== 201) throw new Error(`${url}: ${status} ${text}`)
}

async function make (api: KubeApi, { bindings }: RandomSet, i: number): Promise<void> {
  for (const [j, { kind, subject, rules }] of bindings.entries()) {
    const metadata = { name: `r-${i}-${j}` }
    const inProject = `${rbac}/namespaces/${projectOf(i)}`
    const roleKind = kind === 'RoleBinding' ? 'Role' : 'ClusterRole'
    await post(api, roleKind === 'Role' ? `${inProject}/roles` : `${rbac}/clusterroles`, { metadata, rules })
    await post(api, kind === 'ClusterRoleBinding' ? `${rbac}/clusterrolebindings` : `${inProject}/rolebindings`, { metadata, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: roleKind, name: metadata.name }, subjects: [subjectOf(subject, i)] })
  }
}

type Question = RandomSet['questions'][number]
const userOf = ({ account }: Question, i: number) => account ? `system:serviceaccount:${projectOf(i)}:s-${i}` : `u-${i}`

async function theirs (api: KubeApi, ask: Question, i: number): Promise<boolean> {
  const { verb, apiGroup: group, resource, subresource, name, inProject } = ask
  const { json } = await api.call('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', { spec: { user: userOf(ask, i), groups: [`g-${i}`], resourceAttributes: { verb, group, version: '*', resource, subresource, name, namespace: inProject ? projectOf(i) : '' } } })
  return (json.status as { allowed: boolean }).allowed
}

const attributesOf = (ask: Question, i: number): Attributes => ({
  user: { name: userOf(ask, i), groups: [`g-${i}`], by: 'bearer' },
  verb: ask.verb,
  workspace: '',
  namespace: ask.inProject ? projectOf(i) : '',
  devops: '',
  apiGroup: ask.apiGroup,
  apiVersion: 'v1',
  resource: ask.resource,
  subresource: ask.subresource,
  name: ask.name,
  isKubernetesRequest: false,
  isResourceRequest: true,
  path: '/',
  resourceScope: ask.inProject ? 'Namespace' : 'Cluster',
})

/** Runs work for every index, so many at a time. */
async function each (count: number, work: (i: number) => Promise<void>, width = 48): Promise<void> {
  let next = 0
  await Promise.all(Array.from({ length: width }, async () => { while (next < count) await work(next++) }))
}

t.test(`${sets} random sets of roles and bindings`, { skip: why !== undefined && !process.env.CI ? why : false }, async t => {
  const { transport } = await startCluster(t, { controllers: false })
  const api = apiOver(transport)
  const kube = createKube({ transport, log: silent })
  t.teardown(() => kube.close())
  const random = fc.sample(set, { numRuns: sets })
  await each(projects, i => post(api, '/api/v1/namespaces', { metadata: { name: projectOf(i) } }))
  await each(sets, i => make(api, random[i]!, i))
  const access = createAccess({ kube, mode: 'RBAC', openPaths: [], globalResources: new Set(), log: silent })
  await access.ready()
  let asked = 0
  const differing: string[] = []
  await each(sets, async i => {
    for (const ask of random[i]!.questions) {
      asked++
      const ours = access.kubernetesGrant(attributesOf(ask, i)) !== undefined
      if (ours !== await theirs(api, ask, i)) differing.push(`set ${i}: ${JSON.stringify(ask)} is ${ours ? 'allowed' : 'refused'} by ours alone; ${JSON.stringify(random[i])}`)
    }
  })
  t.same(differing.slice(0, 5), [], `${asked} questions are answered alike`)
  t.ok(asked >= sets)
})
