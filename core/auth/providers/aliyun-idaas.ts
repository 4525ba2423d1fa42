import { Type } from '@sinclair/typebox'
import { clientOptions, createCodeProvider, endpointOptions } from './oauth.js'
import { createOutbound, textOf } from './outbound.js'
import { defineProvider, ProviderFailure } from './types.js'

/** What is inside the envelope `{success, message, data}`. */
function dataOf ({ success, data }: Record<string, unknown>): Record<string, unknown> {
  if (success !== true || typeof data !== 'object' || data === null) throw new ProviderFailure('the identity provider did not say who it is')
  return data as Record<string, unknown>
}

/** Alibaba Cloud IDaaS. */
export const aliyunIDaaS = defineProvider({
  type: 'AliyunIDaaSProvider',
  options: Type.Object({ ...clientOptions, endpoint: endpointOptions('', '', '') }),
  create: client => createCodeProvider({
    client,
    endpoint: client.endpoint,
    outbound: createOutbound(client),
    isShown: false,
    identityOf: info => {
      const data = dataOf(info)
      return { uid: textOf(data, 'sub'), username: textOf(data, 'username'), email: textOf(data, 'email') }
    },
  }),
})
