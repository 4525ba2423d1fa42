import { Type } from '@sinclair/typebox'
import { clientOptions, createCodeProvider, endpointOptions } from './oauth.js'
import { createOutbound, textOf } from './outbound.js'
import { defineProvider } from './types.js'

/** GitHub. As ks-apiserver: people are known by their login. */
export const github = defineProvider({
  type: 'GitHubIdentityProvider',
  options: Type.Object({ ...clientOptions, endpoint: endpointOptions('https://github.com/login/oauth/authorize', 'https://github.com/login/oauth/access_token', 'https://api.github.com/user') }),
  create: client => createCodeProvider({
    client,
    endpoint: client.endpoint,
    outbound: createOutbound(client),
    isShown: true,
    identityOf: info => ({ uid: textOf(info, 'login'), username: textOf(info, 'login'), email: textOf(info, 'email') }),
  }),
})
