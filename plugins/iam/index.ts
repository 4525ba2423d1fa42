import { namespaces } from '../../schemas/kube/builtin.js'
import { iamDefinitions } from '../../schemas/iam/definitions.js'
import { defineGroup, type SeedObject } from '../../core/sdk/index.js'
import { createAccounts } from './accounts.js'
import { createAdministrator } from './administrator.js'
import { createDirectory } from './directory.js'
import { userGuard } from './guard.js'
import { globalRoleBindingReconciler } from './reconcilers/global-role-binding.js'
import { groupBindingReconciler, groupReconciler } from './reconcilers/group.js'
import { loginRecordReconciler } from './reconcilers/login-record.js'
import { userReconciler } from './reconcilers/user.js'
import { roleSeeds } from './roles/index.js'
import { globalRoleRoutes } from './routes/global-roles.js'
import { userRoutes } from './routes/users.js'

const systemNamespaces: readonly SeedObject[] = ['kubesphere-system', 'kubesphere-controls-system', 'kubesphere-monitoring-system', 'kubesphere-monitoring-federated']
  .map(name => ({ kind: namespaces, object: { metadata: { name } }, policy: 'keep' }))

/** People, their roles and their accounts. */
export default defineGroup({
  name: 'iam',
  apiGroup: 'iam.kubesphere.io',
  needs: ['kube', 'access', 'authentication', 'passwords', 'server'],
  globalResources: ['users', 'globalroles', 'globalrolebindings'],
  seed: { crds: iamDefinitions, objects: [...systemNamespaces, ...roleSeeds] },
  setup ({ kube, access, authentication, passwords, server }) {
    const directory = createDirectory(kube)
    const accounts = createAccounts({ kube, access, passwords })
    const { authentication: config } = server
    return {
      versions: {
        v1alpha2: app => {
          userRoutes(app, directory)
          globalRoleRoutes(app, directory)
        },
      },
      guards: [userGuard({ accounts, access, authentication })],
      reconcilers: [
        userReconciler({ kube, accounts, authentication, config }),
        loginRecordReconciler({ kube, config }),
        globalRoleBindingReconciler({ kube }),
        groupReconciler({ kube }),
        groupBindingReconciler({ kube }),
      ],
      start: async () => server.bootstrap ? createAdministrator({ kube, accounts, dataDir: server.server.dataDir }) : [],
    }
  },
})
