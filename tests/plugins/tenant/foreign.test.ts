import t from 'tap'
import { namespaces } from '../../../schemas/kube/builtin.js'
import { workspaceQuotas, workspaceTemplates } from '../../../schemas/tenant/kinds.js'
import type { KubeObject } from '../../../core/sdk/index.js'
import { build, tenants, v2, v3 } from './build.js'

const quota = (name: string, workspace: string): KubeObject => ({ metadata: { name, labels: { 'kubesphere.io/workspace': workspace } }, spec: { selector: { 'kubesphere.io/workspace': workspace }, quota: { hard: { pods: '5' } } } }) as unknown as KubeObject
const named = (name: string) => ({ metadata: { name, annotations: { touched: 'yes' } } })

/** T2, P31: what is not one's own is as absent. */
const reads: [string, string, number][] = [
  ['root', '/workspaces/ws-a', 200], ['alice', '/workspaces/ws-a', 200], ['vera', '/workspaces/ws-a', 200], ['rob', '/workspaces/ws-a', 200], ['connie', '/workspaces/ws-a', 200],
  ['bob', '/workspaces/ws-a', 404], ['carol', '/workspaces/ws-a', 404], ['erin', '/workspaces/ws-a', 404], ['alice', '/workspaces/ws-b', 404], ['carol', '/workspaces/absent', 404],
  ['alice', '/workspaces/ws-a/namespaces/ns-a2', 200], ['vera', '/workspaces/ws-a/namespaces/ns-a2', 200], ['rob', '/workspaces/ws-a/namespaces/ns-a1', 200],
  ['rob', '/workspaces/ws-a/namespaces/ns-a2', 404], ['carol', '/workspaces/ws-a/namespaces/ns-a1', 404], ['bob', '/workspaces/ws-a/namespaces/ns-a1', 404],
  ['alice', '/workspaces/ws-a/namespaces/ns-b1', 404], ['alice', '/workspaces/ws-b/namespaces/ns-a1', 404], ['root', '/workspaces/ws-b/namespaces/ns-a1', 404],
  ['alice', '/workspaces/ws-a/namespaces/free', 404], ['root', '/workspaces/ws-a/namespaces/free', 404], ['root', '/workspaces/ws-a/namespaces/absent', 404],
  ['alice', '/workspaces/ws-a/resourcequotas/ws-a', 200], ['rob', '/workspaces/ws-a/resourcequotas/ws-a', 200], ['carol', '/workspaces/ws-a/resourcequotas/ws-a', 404],
  ['alice', '/workspaces/ws-a/resourcequotas/ws-b', 404], ['alice', '/workspaces/ws-b/resourcequotas/ws-b', 404], ['root', '/workspaces/ws-a/resourcequotas/ws-b', 404],
]

t.test('reads of what is somebody else\'s', async t => {
  const { ask } = await build(t, tenants([workspaceQuotas, [quota('ws-a', 'ws-a'), quota('ws-b', 'ws-b')]]))
  for (const [who, path, status] of reads) {
    const answer = await ask(who, 'GET', v2 + path)
    t.equal(answer.status, status, `${who} GET ${path} ${answer.text.slice(0, 200)}`)
  }
  const [foreign, absent] = [await ask('carol', 'GET', `${v2}/workspaces/ws-a`), await ask('carol', 'GET', `${v2}/workspaces/zzz`)]
  t.equal(foreign.text.replace('ws-a', '?'), absent.text.replace('zzz', '?'), 'absent and foreign look alike')
  const [quotaForeign, quotaAbsent] = [await ask('alice', 'GET', `${v2}/workspaces/ws-a/resourcequotas/ws-b`), await ask('alice', 'GET', `${v2}/workspaces/ws-a/resourcequotas/zzz`)]
  t.equal(quotaForeign.text.replace('ws-b', '?'), quotaAbsent.text.replace('zzz', '?'))
  for (const path of [`${v3}/workspaces/ws-a`, `${v3}/workspacetemplates/ws-a`]) {
    t.equal((await ask('carol', 'GET', path)).status, 404, path)
    t.equal((await ask('alice', 'GET', path)).status, 200, path)
  }
})

/** Nobody acts on another workspace through their own path. */
const writes: [string, string, string, object | undefined, number[]][] = [
  ['alice', 'PUT', '/workspaces/ws-a/namespaces/ns-b1', named('ns-b1'), [403, 404]],
  ['alice', 'PATCH', '/workspaces/ws-a/namespaces/ns-b1', named('ns-b1'), [403, 404]],
  ['alice', 'DELETE', '/workspaces/ws-a/namespaces/ns-b1', undefined, [403, 404]],
  ['alice', 'DELETE', '/workspaces/ws-a/namespaces/free', undefined, [403, 404]],
  ['alice', 'PUT', '/workspaces/ws-a/namespaces/ns-a1', named('ns-b1'), [400]],
  ['alice', 'DELETE', '/workspaces/ws-b/namespaces/ns-a1', undefined, [403, 404]],
  ['alice', 'POST', '/workspaces/ws-b/namespaces', named('mine'), [403]],
  ['root', 'PUT', '/workspaces/ws-a/namespaces/ns-b1', named('ns-b1'), [404]],
  ['root', 'PATCH', '/workspaces/ws-a/namespaces/ns-b1', named('ns-b1'), [404]],
  ['root', 'DELETE', '/workspaces/ws-a/namespaces/ns-b1', undefined, [404]],
  ['alice', 'PUT', '/workspaces/ws-a/resourcequotas/ws-b', named('ws-b'), [404]],
  ['alice', 'DELETE', '/workspaces/ws-a/resourcequotas/ws-b', undefined, [404]],
  ['alice', 'POST', '/workspaces/ws-b/resourcequotas', named('x'), [403]],
  ['alice', 'PUT', '/workspaces/ws-b', named('ws-b'), [403]],
  ['alice', 'DELETE', '/workspaces/ws-b', undefined, [403]],
  ['alice', 'DELETE', '/workspaces/ws-a', undefined, [403]],
  ['carol', 'DELETE', '/workspaces/ws-a', undefined, [403]],
  ['carol', 'POST', '/workspaces', named('mine'), [403]],
  ['', 'POST', '/workspaces', named('mine'), [403]],
]

t.test('writes to what is somebody else\'s', async t => {
  const { ask, kube } = await build(t, tenants([workspaceQuotas, [quota('ws-b', 'ws-b')]]))
  const before = JSON.stringify([namespaces, workspaceTemplates, workspaceQuotas].map(kind => kube.store(kind as typeof namespaces).list()))
  for (const [who, method, path, body, statuses] of writes) {
    const answer = await ask(who, method, v2 + path, body ? { body } : {})
    t.ok(statuses.includes(answer.status), `${who || 'nobody'} ${method} ${path}: ${answer.status} ${answer.text.slice(0, 200)}`)
  }
  t.equal(JSON.stringify([namespaces, workspaceTemplates, workspaceQuotas].map(kind => kube.store(kind as typeof namespaces).list())), before, 'nothing changed')
})
