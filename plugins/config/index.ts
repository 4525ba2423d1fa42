import { defineGroup, type ServerConfig } from '../../core/sdk/index.js'
import { configz } from './configz.js'
import { oauthOptions } from './oauth-options.js'

/** What the console asks before anybody has logged in: which parts are there, and how to log in. */
export default defineGroup({
  name: 'config',
  apiGroup: 'config.kubesphere.io',
  needs: ['server', 'authentication'],
  openPaths: ['/kapis/config.kubesphere.io/*'],
  setup: ({ server, authentication: { providers } }) => {
    const parts = configz(server)
    // Addresses that a provider has found out by now; consoles make their log-in buttons of them.
    const endpointOf = (name: string) => {
      const provider = providers.find(name)?.provider
      return provider?.kind === 'redirect' ? provider.endpoint?.() : undefined
    }
    const { gpu } = server as ServerConfig & { gpu: { kinds: { resourceName: string, resourceType: string, default: boolean }[] } }
    const kinds = gpu.kinds.map(kind => Object.fromEntries(Object.entries(kind).filter(([, value]) => value !== '' && value !== false)))
    return {
      versions: {
        v1alpha2: app => {
          app.get('/configs/configz', () => parts)
          app.get('/configs/oauth', () => oauthOptions(server.authentication.oauthOptions, endpointOf))
          app.get('/configs/gpu/kinds', () => kinds)
        },
      },
    }
  },
})
