import { Type } from '@sinclair/typebox'
import { checkURL, flag, needed } from './options.js'
import { errorCode } from './oauth.js'
import { createOutbound, type Answer } from './outbound.js'
import { defineProvider, ProviderFailure, type Flow } from './types.js'
import { childOf, parseXML, type Element } from './xml.js'

/** The name in a validation's answer (CAS protocol 3.0, section 2.5.2). */
function userOf ({ status, text }: Answer): string {
  if (status !== 200) throw new ProviderFailure(`the identity provider answered the ticket with ${status}`)
  let response: Element
  try { response = parseXML(text) } catch (error) { throw new ProviderFailure('the identity provider answered the ticket with something that is no answer of CAS', { cause: error }) }
  const success = response.name === 'serviceResponse' ? childOf(response, 'authenticationSuccess') : undefined
  const name = childOf(success, 'user')
  if (!success || !name || name.children.length || !name.text.trim() || response.children.length !== 1) throw new ProviderFailure('the identity provider refused the ticket')
  return name.text.trim()
}

/** Where the browser comes back to; a state of ours travels in it. */
function serviceOf (redirectURL: string, flow?: Flow): string {
  const service = new URL(redirectURL)
  if (flow) service.searchParams.set('state', flow.state)
  return flow ? service.href : redirectURL
}

/** CAS: service tickets, validated by the server itself. */
export const cas = defineProvider({
  type: 'CASIdentityProvider',
  options: Type.Object({ casServerURL: needed(), redirectURL: needed(), insecureSkipVerify: flag() }),
  create ({ casServerURL, redirectURL, insecureSkipVerify }) {
    const server = checkURL('casServerURL', casServerURL, true).replace(/\/+$/, '')
    checkURL('redirectURL', redirectURL, true)
    const outbound = createOutbound({ insecureSkipVerify })
    return {
      kind: 'redirect',
      location: async flow => `${server}/login?${new URLSearchParams({ service: serviceOf(redirectURL, flow) })}`,
      async identify (parameter, flow) {
        const ticket = parameter('ticket')
        if (!/^[\x21-\x7e]{1,512}$/.test(ticket)) throw new ProviderFailure(parameter('error') ? `the identity provider refused: ${errorCode(parameter('error'))}` : 'the callback has no ticket')
        const user = userOf(await outbound.get(`${server}/serviceValidate?${new URLSearchParams({ service: serviceOf(redirectURL, flow), ticket })}`, { accept: 'application/xml, text/xml' }))
        return { uid: user, username: user, email: '', groups: [] }
      },
      close: () => outbound.close(),
    }
  },
})
