import t from 'tap'
import { createAccess } from '../../../core/auth/access.js'
import { parseListQuery, type KubeObject } from '../../../core/sdk/index.js'
import { parseQuery } from '../../../core/request/query.js'
import { createRights } from '../../../plugins/tenant/rights.js'
import { createFederatedProjects } from '../../../plugins/tenant/shared-projects.js'
import { defineKind } from '../../../schemas/kube/object.js'
import { silent } from '../../helpers/app.js'
import { tenants } from './build.js'

const kind = defineKind('types.kubefed.io/v1beta1', 'federatednamespaces', 'FederatedNamespace', { namespaced: true })
const federated = (name: string, workspace: string): KubeObject => ({ metadata: { name, namespace: name, labels: { 'kubesphere.io/workspace': workspace } } })

t.test('federated projects are listed by the right to projects', async t => {
  const kube = tenants([kind, []])
  for (const [name, workspace] of [['ns-a1', 'ws-a'], ['ns-a2', 'ws-a'], ['ns-b1', 'ws-b']] as const) await kube.create(kind, federated(name, workspace))
  const rights = createRights({ kube, access: createAccess({ kube, mode: 'RBAC', openPaths: [], globalResources: new Set(), log: silent }) })
  const list = async (multicluster: boolean, name: string, workspace: string, query = '') =>
    (await createFederatedProjects({ kube, rights, multicluster }).list({ name, groups: [], by: 'bearer' }, parseListQuery(parseQuery(query)), workspace)).items.map(({ metadata }) => metadata.name).sort().join(',')
  const rows: [string, string, string, string][] = [
    ['root', '', '', 'ns-a1,ns-a2,ns-b1'], ['root', 'ws-b', '', 'ns-b1'], ['alice', '', '', 'ns-a1'], ['alice', 'ws-a', '', 'ns-a1,ns-a2'], ['rob', 'ws-a', '', 'ns-a1'], ['alice', 'ws-b', '', ''],
    ['carol', '', '', ''], ['root', '', 'name=b', 'ns-b1'], ['root', '', 'status=Active', ''],
  ]
  for (const [who, workspace, query, names] of rows) t.equal(await list(true, who, workspace, query), names, `${who} ${workspace} ${query}`)
  t.equal(await list(false, 'root', ''), '', 'without federation there are none')
})
