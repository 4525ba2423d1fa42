import { defineGroup, type ServerConfig } from '../../core/sdk/index.js'
import { configz } from './configz.js'
import { oauthOptions } from './oauth-options.js'

/** What the console asks before anybody has logged in: which parts are there, and how to log in. */
export default defineGroup({
  name: 'config',
  apiGroup: 'config.kubesphere.io',
  needs: ['server'],
  openPaths: ['/kapis/config.kubesphere.io/*'],
  setup: ({ server }) => {
    const parts = configz(server)
    const options = oauthOptions(server.authentication.oauthOptions)
    const { gpu } = server as ServerConfig & { gpu: { kinds: { resourceName: string, resourceType: string, default: boolean }[] } }
    const kinds = gpu.kinds.map(kind => Object.fromEntries(Object.entries(kind).filter(([, value]) => value !== '' && value !== false)))
    return {
      versions: {
        v1alpha2: app => {
          app.get('/configs/configz', () => parts)
          app.get('/configs/oauth', () => options)
          app.get('/configs/gpu/kinds', () => kinds)
        },
      },
    }
  },
})
