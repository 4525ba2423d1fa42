import { groups as groupKind, labels } from '../../schemas/iam/v1alpha2.js'
import { namespaces } from '../../schemas/kube/builtin.js'
import { iamDefinitions } from '../../schemas/iam/definitions.js'
import { defineGroup, type SeedObject } from '../../core/sdk/index.js'
import { devopsProjects } from '../../schemas/tenant/kinds.js'
import { createAccessReviews } from './access-review.js'
import { accountCommands } from './account-commands.js'
import { createAccounts } from './accounts.js'
import { createAdministrator } from './administrator.js'
import { createBindings } from './bindings.js'
import { createCatalog } from './catalog.js'
import { createDirectory } from './directory.js'
import { createGroups } from './groups.js'
import { grantGuards } from './grant-guard.js'
import { userGuard } from './guard.js'
import { createHoldings } from './holdings.js'
import { createMembers } from './members.js'
import { createMemberships } from './memberships.js'
import { createPeople } from './people.js'
import { globalRoleBindingReconciler } from './reconcilers/global-role-binding.js'
import { groupBindingReconciler, groupReconciler } from './reconcilers/group.js'
import { kubeconfigReconciler } from './reconcilers/kubeconfig.js'
import { kubectlReconciler, kubectlSeeds } from './reconcilers/kubectl.js'
import { loginRecordReconciler } from './reconcilers/login-record.js'
import { serviceAccountReconciler } from './reconcilers/service-account.js'
import { userReconciler } from './reconcilers/user.js'
import { createRoleBindings } from './role-bindings.js'
import { createRoleEditor } from './role-editor.js'
import { roleSeeds } from './roles/index.js'
import { accessReviewRoutes } from './routes/access-review.js'
import { groupRoutes, roleBindingRoutes } from './routes/groups.js'
import { memberRoutes } from './routes/members.js'
import { roleRoutes } from './routes/roles.js'
import { pathRows } from './routes/rows.js'
import { tokenRoutes } from './routes/tokens.js'
import { userRoutes } from './routes/users.js'
import { serviceAccountGuard } from './service-account-guard.js'
import { createTokens } from './tokens.js'
import { createWriter } from './writer.js'

const systemNamespaces: readonly SeedObject[] = ['kubesphere-system', 'kubesphere-controls-system', 'kubesphere-monitoring-system', 'kubesphere-monitoring-federated']
  .map(name => ({ kind: namespaces, object: { metadata: { name } }, policy: 'keep' }))

/** People, their roles and their accounts. */
export default defineGroup({
  name: 'iam',
  apiGroup: 'iam.kubesphere.io',
  needs: ['kube', 'access', 'authentication', 'passwords', 'resolve', 'server'],
  globalResources: ['users', 'globalroles', 'globalrolebindings'],
  seed: { crds: iamDefinitions, objects: [...systemNamespaces, ...roleSeeds, ...kubectlSeeds] },
  commands: accountCommands,
  setup ({ kube, access, authentication, passwords, resolve, server }) {
    const { authentication: config } = server
    const writer = createWriter(kube)
    const bindings = createBindings(kube)
    const catalog = createCatalog({ kube, bindings })
    const projects = kube.store(devopsProjects)
    const byNamespace = projects.index('namespace', ({ status }) => status?.adminNamespace ? [status.adminNamespace] : [])
    const holdings = createHoldings({ bindings, catalog, workspaceOf: name => access.workspaceOf(name) || (byNamespace.get(name)[0]?.metadata.labels?.[labels.workspace] ?? '') })
    const directory = createDirectory({ kube, bindings })
    const accounts = createAccounts({ kube, access, passwords })
    const memberships = createMemberships({ bindings, catalog, holdings, writer })
    const members = createMembers({ directory, memberships })
    const editor = createRoleEditor({ kube, catalog, holdings, writer })
    const people = createPeople({ kube, access, authentication, passwords, accounts, directory, catalog, memberships, holdings, writer })
    const groups = createGroups({ kube, holdings, writer })
    const roleBindings = createRoleBindings({ kube, bindings, holdings, memberships, writer })
    const reviews = createAccessReviews({ access, directory, resolve })
    const rows = pathRows(projects)
    return {
      versions: {
        v1alpha2: app => {
          userRoutes(app, { directory, people, catalog })
          tokenRoutes(app, createTokens({ authentication, accounts, writer }))
          for (const row of rows) {
            roleRoutes(app, { catalog, editor }, row)
            memberRoutes(app, { members, catalog, directory }, row)
          }
          accessReviewRoutes(app, reviews)
          groupRoutes(app, groups)
          roleBindingRoutes(app, roleBindings)
        },
      },
      guards: [userGuard({ accounts, access, authentication, holdings }), ...grantGuards({ catalog, holdings, findGroup: name => kube.store(groupKind).get(name) }), serviceAccountGuard({ kube, holdings })],
      reconcilers: [
        userReconciler({ kube, accounts, authentication, config }),
        loginRecordReconciler({ kube, config }),
        globalRoleBindingReconciler({ kube }),
        groupReconciler({ kube }),
        groupBindingReconciler({ kube }),
        kubeconfigReconciler({ kube }),
        kubectlReconciler({ kube, image: config.kubectlImage }),
        serviceAccountReconciler({ kube }),
      ],
      start: async () => server.bootstrap ? createAdministrator({ kube, accounts, dataDir: server.server.dataDir }) : [],
    }
  },
})
