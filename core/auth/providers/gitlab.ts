import { Type } from '@sinclair/typebox'
import { clientOptions, createCodeProvider, endpointOptions } from './oauth.js'
import { createOutbound, textOf } from './outbound.js'
import { defineProvider } from './types.js'

/** GitLab: people are known by the number of their account. */
export const gitlab = defineProvider({
  type: 'GitlabIdentityProvider',
  options: Type.Object({ ...clientOptions, endpoint: endpointOptions('https://gitlab.com/oauth/authorize', 'https://gitlab.com/oauth/token', 'https://gitlab.com/api/v4/user') }),
  create: client => createCodeProvider({
    client,
    endpoint: client.endpoint,
    outbound: createOutbound(client),
    isShown: true,
    identityOf: info => ({ uid: Number.isSafeInteger(info.id) ? String(info.id) : '', username: textOf(info, 'username'), email: textOf(info, 'email') }),
  }),
})
