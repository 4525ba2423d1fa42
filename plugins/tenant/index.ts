import { tenantDefinitions } from '../../schemas/tenant/definitions.js'
import { workspaces, workspaceTemplates } from '../../schemas/tenant/kinds.js'
import { defineGroup, type KubeObject } from '../../core/sdk/index.js'
import { clusterGuard, namespaceGuard } from './guards.js'
import { namespaceReconciler } from './reconcilers/namespace.js'
import { workspaceReconciler } from './reconcilers/workspace.js'
import { workspaceRoleReconcilers } from './reconcilers/workspace-role.js'
import { workspaceTemplateReconciler } from './reconcilers/workspace-template.js'

const name = 'system-workspace'
const spec = { manager: 'admin', networkIsolation: false }
const metadata = { name, labels: { 'kubefed.io/managed': 'false' }, annotations: { 'kubesphere.io/creator': 'admin', 'kubesphere.io/description': 'The workspace of the platform itself: the projects that its components run in.' } }

const systemTemplate = { metadata, spec: { placement: { clusterSelector: {} }, template: { spec } } } as KubeObject
const systemWorkspace = { metadata: { ...metadata, annotations: { 'kubesphere.io/creator': 'admin' } }, spec } as KubeObject

/** Workspaces and projects. */
export default defineGroup({
  name: 'tenant',
  apiGroup: 'tenant.kubesphere.io',
  needs: ['kube', 'access'],
  globalResources: ['workspaces', 'clusters', 'clusters.cluster.kubesphere.io', 'clusters.resources.kubesphere.io'],
  seed: {
    crds: tenantDefinitions,
    objects: [{ kind: workspaceTemplates, object: systemTemplate, policy: 'keep' }, { kind: workspaces, object: systemWorkspace, policy: 'keep' }],
  },
  setup: ({ kube, access }) => ({
    guards: [namespaceGuard(access), clusterGuard(access)],
    reconcilers: [
      workspaceTemplateReconciler({ kube }),
      workspaceReconciler({ kube }),
      ...workspaceRoleReconcilers(kube),
      namespaceReconciler({ kube }),
    ],
  }),
})
