import t from 'tap'
import { pino } from 'pino'
import { createAccess } from '../../../core/auth/access.js'
import { Cache } from '../../../core/kube/cache.js'
import { parseListQuery, type Kind, type Kube, type KubeObject } from '../../../core/sdk/index.js'
import { parseQuery } from '../../../core/request/query.js'
import { createPlacement } from '../../../plugins/tenant/placement.js'
import { createProjectParts } from '../../../plugins/tenant/project-parts.js'
import { createProjects } from '../../../plugins/tenant/projects.js'
import { createRights } from '../../../plugins/tenant/rights.js'
import { createWorkspaceParts } from '../../../plugins/tenant/workspace-parts.js'
import { createWorkspaces } from '../../../plugins/tenant/workspaces.js'
import { workspaceRoleBindings } from '../../../schemas/iam/v1alpha2.js'
import { namespaces, roleBindings } from '../../../schemas/kube/builtin.js'
import { qualifiedResource } from '../../../schemas/kube/object.js'
import { workspaceTemplates } from '../../../schemas/tenant/kinds.js'
import { silent } from '../../helpers/app.js'
import { fakeKube } from '../../helpers/fake-kube.js'
import { inProject, member, project, workspace } from './build.js'

const size = { people: 10_000, workspaces: 2_000, projects: 4_000, inWorkspaces: 20_000, inProjects: 30_000 }
const at = (i: number): { creationTimestamp: string } => ({ creationTimestamp: new Date(1.7e12 + i * 1000).toISOString() })
const many = (count: number, make: (i: number) => KubeObject): KubeObject[] => Array.from({ length: count }, (_, i) => { const one = make(i); return { ...one, metadata: { ...one.metadata, ...at(i), resourceVersion: String(i + 1) } } })

/** The real watch caches, filled once, below a client that reads them. */
function filled (): { kube: Kube, reads: () => number } {
  const caches = new Map<string, Cache<KubeObject>>()
  let scans = 0
  const fill = (kind: Kind<any>, objects: KubeObject[]) => {
    const cache = new Cache<KubeObject>(kind, pino({ level: 'silent' }))
    cache.reset(objects, '1')
    const list = cache.list.bind(cache)
    cache.list = namespace => { scans++; return list(namespace) }
    caches.set(qualifiedResource(kind), cache)
  }
  fill(workspaceTemplates, many(size.workspaces, i => workspace(`ws-${i}`)))
  fill(namespaces, many(size.projects, i => project(`ns-${i}`, `ws-${i % size.workspaces}`)))
  fill(workspaceRoleBindings, [...many(size.inWorkspaces, i => member(`user-${i % size.people}`, `ws-${(i * 7 + Math.floor(i / size.people)) % size.workspaces}`, `role-${i}`)), ...many(size.workspaces, i => member('everywhere', `ws-${i}`, 'regular'))])
  fill(roleBindings, many(size.inProjects, i => inProject(`user-${i % size.people}`, `ns-${(i * 13) % size.projects}`, `role-${i}`)))
  const base = fakeKube()
  return { kube: { ...base, store: kind => (caches.get(qualifiedResource(kind)) ?? base.store(kind)) as never }, reads: () => scans }
}

t.test('a first page of what is one\'s own costs what is one\'s own', async t => {
  const { kube, reads } = filled()
  const rights = createRights({ kube, access: createAccess({ kube, mode: 'RBAC', openPaths: [], globalResources: new Set(), log: silent }) })
  const workspaces = createWorkspaces({ kube, rights, placement: createPlacement({ kube, rights }), parts: createWorkspaceParts(kube) })
  const projects = createProjects({ kube, rights, workspaces, parts: createProjectParts(kube) })
  const query = parseListQuery(parseQuery('limit=10&page=1&sortBy=createTime'))
  const asked = ['user-77', 'everywhere', 'nobody'].map(name => ({ name, groups: ['team', 'system:authenticated'], by: 'bearer' as const }))
  const before = reads()
  for (let i = 0; i < 2; i++) {
    for (const user of asked) {
      for (const [what, ask] of [['workspaces', () => workspaces.listTemplates(user, query)], ['projects', () => projects.list(user, query)], ['inWorkspace', () => projects.list(user, query, 'ws-77')]] as const) {
        const { items, totalItems } = await ask()
        if (i === 0 && user.name === 'user-77' && what !== 'inWorkspace') t.ok(totalItems >= 2 && items.length === totalItems, `${what}: ${totalItems}`)
        if (user.name === 'nobody') t.ok(totalItems === 0)
      }
    }
  }
  t.equal(reads(), before, 'no list of everything is looked at')
})
