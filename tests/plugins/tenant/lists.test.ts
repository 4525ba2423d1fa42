import t from 'tap'
import type { KubeObject } from '../../../core/sdk/index.js'
import { globalRoleBindings, users } from '../../../schemas/iam/v1alpha2.js'
import { namespaces, roleBindings } from '../../../schemas/kube/builtin.js'
import { clusters, devopsProjects, workspaceTemplates } from '../../../schemas/tenant/kinds.js'
import { build, cluster, inProject, namesOf, project, tenants, v2, v3, workspace } from './build.js'

const everywhere = 'free,ns-a1,ns-a2,ns-b1'
const facts: [string, string, number, (string | undefined)?, number?][] = [
  ['root', `${v2}/workspaces`, 200, 'ws-a,ws-b'],
  ['alice', `${v2}/workspaces`, 200, 'ws-a'],
  ['bob', `${v2}/workspaces`, 200, 'ws-b'],
  ['carol', `${v2}/workspaces`, 200, ''],
  ['carol,team-b', `${v2}/workspaces`, 200, ''],
  ['', `${v2}/workspaces`, 403],
  ['alice', `${v3}/workspacetemplates`, 200, 'ws-a'],
  ['alice', `${v3}/workspaces`, 200, 'ws-a'],
  ['carol', `${v3}/workspaces`, 200, ''],
  ['root', `${v3}/workspaces?sortBy=name&limit=1&page=2`, 200, 'ws-a', 2],
  ['root', `${v2}/workspaces?name=b`, 200, 'ws-b'],
  ['root', `${v2}/workspaces?unknown=b`, 200, ''],
  ['alice', `${v2}/workspaces?labelSelector=x%3Dy`, 200, ''],
  ['alice', `${v2}/workspaces?labelSelector=((`, 200, 'ws-a'],

  ['root', `${v2}/namespaces`, 200, everywhere],
  ['root', `${v2}/namespaces?status=Active&limit=2`, 200, undefined, 4],
  ['alice', `${v2}/namespaces`, 200, 'ns-a1'],
  ['vera', `${v2}/namespaces`, 200, ''],
  ['rob', `${v2}/namespaces`, 200, 'ns-a1'],
  ['rob', `${v2}/namespaces?status=Active`, 200, ''],
  ['ghost', `${v2}/namespaces`, 200, ''],
  ['carol,team', `${v2}/namespaces`, 200, 'ns-b1'],
  ['alice', `${v2}/workspaces/ws-a/namespaces`, 200, 'ns-a1,ns-a2'],
  ['alice', `${v2}/workspaces/ws-a/namespaces?label=kubesphere.io/workspace%3Dws-b`, 200, 'ns-a1,ns-a2'],
  ['alice', `${v2}/workspaces/ws-b/namespaces`, 200, ''],
  ['vera', `${v2}/workspaces/ws-a/namespaces`, 200, 'ns-a1,ns-a2'],
  ['rob', `${v2}/workspaces/ws-a/namespaces`, 200, 'ns-a1'],
  ['carol', `${v2}/workspaces/ws-a/namespaces`, 200, ''],
  ['root', `${v2}/workspaces/absent/namespaces`, 200, ''],

  ['vera', `${v2}/workspaces/ws-a/workspacemembers/rob/namespaces`, 200, 'ns-a1'],
  ['rob', `${v2}/workspaces/ws-a/workspacemembers/rob/namespaces`, 200, 'ns-a1'],
  ['rob', `${v2}/workspaces/ws-a/workspacemembers/vera/namespaces`, 200, 'ns-a1'],
  ['carol', `${v2}/workspaces/ws-a/workspacemembers/rob/namespaces`, 403],
  ['bob', `${v2}/workspaces/ws-a/workspacemembers/rob/namespaces`, 403],
  ['carol', `${v2}/workspaces/absent/workspacemembers/rob/namespaces`, 403],
  ['carol', `${v2}/workspaces/ws-a/workspacemembers/rob/devops`, 403],
  ['carol', `${v2}/workspaces/ws-a/workspacemembers/carol/namespaces`, 200, ''],

  ['alice', `${v2}/workspaces/ws-a/devops`, 200, 'pipes'],
  ['rob', `${v2}/workspaces/ws-a/devops`, 200, 'pipes'],
  ['carol', `${v2}/workspaces/ws-a/devops`, 200, ''],
  ['carol,team', `${v2}/workspaces/ws-b/devops`, 200, ''],
  ['vera', `${v2}/workspaces/ws-a/workspacemembers/rob/devops`, 200, 'pipes'],
  ['root', `${v2}/federatednamespaces`, 200, ''],
  ['alice', `${v2}/workspaces/ws-a/federatednamespaces`, 200, ''],

  ['root', `${v2}/clusters`, 200, 'c1,c2'],
  ['alice', `${v2}/clusters`, 200, ''],
  ['grant', `${v2}/clusters`, 200, 'c2'],
  ['grant', `${v2}/clusters?labelSelector=((`, 200, ''],
  ['carol', `${v2}/workspaces/ws-a/clusters`, 200, ''],
  ['carol', `${v2}/workspaces/absent/clusters`, 200, ''],
  ['root', `${v2}/workspaces/absent/clusters`, 404],
]

t.test('lists show each caller what is theirs', async t => {
  const kube = tenants(
    [clusters, [cluster('c1'), cluster('c2', { zone: 'x' })]],
    [users, [{ metadata: { name: 'grant', annotations: { 'iam.kubesphere.io/granted-clusters': 'c2,gone' } }, spec: {} } as unknown as KubeObject]],
    [namespaces, [project('pipes-x', '', { labels: { 'kubesphere.io/devopsproject': 'pipes' } })]],
    [devopsProjects, [{ metadata: { name: 'pipes', labels: { 'kubesphere.io/workspace': 'ws-a' } } }]],
    [roleBindings, [inProject('team', 'ns-b1', 'viewer', 'Group'), inProject('rob', 'pipes-x')]]
  )
  const { ask } = await build(t, kube)
  for (const [who, path, status, names, total] of facts) {
    const answer = await ask(who, 'GET', path)
    t.equal(answer.status, status, `${who || 'nobody'} GET ${path} ${answer.text.slice(0, 200)}`)
    const unpiped = namesOf(answer).split(',').filter(name => name !== 'pipes-x').join(',')
    if (names !== undefined) t.equal(unpiped, names, `${who} GET ${path}`)
    if (total !== undefined) t.equal(answer.json.totalItems - (total > 3 ? 1 : 0), total)
  }
  for (const who of ['root', 'grant']) {
    const { text } = await ask(who, 'GET', `${v2}/clusters`)
    t.notMatch(text, 'c2VjcmV0', 'no kubeconfig leaves')
    t.equal(text.includes('tower'), who === 'root', 'a token is for those who change clusters')
  }
})

t.test('the list of clusters of a workspace', async t => {
  const rows: [string, object, string][] = [
    ['named', { clusters: [{ name: 'c2' }, { name: 'gone' }] }, 'c2'],
    ['none', { clusters: [] }, ''],
    ['all', { clusterSelector: {} }, 'c1,c2'],
    ['some', { clusterSelector: { matchLabels: { zone: 'x' }, matchExpressions: [{ key: 'zone', operator: 'DoesNotExist' }] } }, 'c2'],
    ['unsaid', {}, ''],
    ['first', { clusters: [{ name: 'c1' }], clusterSelector: {} }, 'c1'],
  ]
  const { ask } = await build(t, tenants([clusters, [cluster('c1'), cluster('c2', { zone: 'x' })]], [workspaceTemplates, rows.map(([name, placement]) => workspace(`w-${name}`, placement))]))
  for (const [name, , names] of rows) t.equal(namesOf(await ask('root', 'GET', `${v2}/workspaces/w-${name}/clusters`)), names, name)
})

t.test('what a binding changes is in the next list', async t => {
  const { ask, kube } = await build(t)
  t.equal(namesOf(await ask('carol', 'GET', `${v2}/namespaces`)), '')
  await kube.create(roleBindings, inProject('carol', 'ns-b1') as never)
  t.equal(namesOf(await ask('carol', 'GET', `${v2}/namespaces`)), 'ns-b1')
  await kube.delete(roleBindings, { name: 'carol-viewer', namespace: 'ns-b1' })
  t.equal(namesOf(await ask('carol', 'GET', `${v2}/namespaces`)), '')
  await kube.delete(globalRoleBindings, { name: 'root-platform-admin' })
  t.equal(namesOf(await ask('root', 'GET', `${v2}/workspaces`)), '')
})
