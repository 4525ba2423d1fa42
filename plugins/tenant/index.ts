import { tenantDefinitions } from '../../schemas/tenant/definitions.js'
import { defineGroup, type ServerConfig } from '../../core/sdk/index.js'
import { createTenantClusters } from './clusters.js'
import { clusterGuard, namespaceGuard, templateGuard } from './guards.js'
import { createTenantMetering } from './metering.js'
import { createPlacement } from './placement.js'
import { createProjectParts } from './project-parts.js'
import { createProjects } from './projects.js'
import { createQuotas, createQuotaStatus } from './quotas.js'
import { clusterReconciler } from './reconcilers/cluster.js'
import { namespaceReconciler } from './reconcilers/namespace.js'
import { resourceQuotaReconciler } from './reconcilers/resource-quota.js'
import { workspaceReconciler } from './reconcilers/workspace.js'
import { workspaceRoleReconcilers } from './reconcilers/workspace-role.js'
import { workspaceTemplateReconciler } from './reconcilers/workspace-template.js'
import { createRights } from './rights.js'
import { clusterRoutes } from './routes/clusters.js'
import { meteringRoutes } from './routes/metering.js'
import { projectRoutes, sharedProjectRoutes } from './routes/projects.js'
import { quotaRoutes } from './routes/quotas.js'
import { templateRoutes, workspaceRoutes } from './routes/workspaces.js'
import { systemSeeds } from './seed.js'
import { createDevOpsProjects, createFederatedProjects } from './shared-projects.js'
import { createWorkspaceParts } from './workspace-parts.js'
import { createWorkspaces } from './workspaces.js'

/** Workspaces and projects. */
export default defineGroup({
  name: 'tenant',
  apiGroup: 'tenant.kubesphere.io',
  needs: ['kube', 'access', 'metering', 'monitoring', 'server'],
  globalResources: ['workspaces', 'clusters', 'clusters.cluster.kubesphere.io', 'clusters.resources.kubesphere.io'],
  seed: { crds: tenantDefinitions, objects: systemSeeds },
  setup ({ kube, access, metering, monitoring, server }) {
    const rights = createRights({ kube, access })
    const placement = createPlacement({ kube, rights })
    const [workspaceParts, projectParts, statusOf] = [createWorkspaceParts(kube), createProjectParts(kube), createQuotaStatus(kube)]
    const workspaces = createWorkspaces({ kube, rights, placement, parts: workspaceParts })
    const projects = createProjects({ kube, rights, workspaces, parts: projectParts })
    const federated = createFederatedProjects({ kube, rights, multicluster: server.multicluster.enable })
    const devops = createDevOpsProjects({ kube, rights })
    const clusters = createTenantClusters({ kube, rights })
    const { gateway } = server as ServerConfig & { gateway?: { namespace: string } }
    const quotas = createQuotas({ kube, rights, workspaces, statusOf })
    return {
      versions: {
        v1alpha2: app => {
          templateRoutes(app, workspaces, '/workspaces')
          projectRoutes(app, projects)
          sharedProjectRoutes(app, federated, devops)
          clusterRoutes(app, clusters)
          quotaRoutes(app, quotas)
          meteringRoutes(app, createTenantMetering({ kube, rights, metering }), monitoring)
        },
        v1alpha3: app => {
          templateRoutes(app, workspaces, '/workspacetemplates')
          workspaceRoutes(app, workspaces)
        },
      },
      guards: [namespaceGuard(rights), templateGuard(rights, placement), clusterGuard(access)],
      reconcilers: [
        workspaceTemplateReconciler({ kube, parts: workspaceParts }),
        workspaceReconciler({ kube }),
        ...workspaceRoleReconcilers(kube),
        namespaceReconciler({ kube, parts: projectParts, gatewayNamespace: gateway?.namespace ?? '' }),
        resourceQuotaReconciler({ kube, statusOf }),
        clusterReconciler(kube),
      ],
    }
  },
})
