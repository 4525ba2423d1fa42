import type { FastifyReply, FastifyRequest } from 'fastify'
import { oauthError, type Authentication } from '../../core/sdk/index.js'
import type { Form } from './form.js'

const known = new Set(['code', 'id_token', 'token'])

type Pairs = readonly (readonly [string, string])[]
const encode = (pairs: Pairs): string => pairs.filter(([, value]) => value !== '').map(([key, value]) => `${key}=${encodeURIComponent(value).replaceAll('%20', '+')}`).join('&')

/** The redirect with its query replaced, or added to; a fragment is kept. */
function withQuery (uri: string, pairs: Pairs, keep: boolean): string {
  const [before = '', fragment] = uri.split('#')
  const mark = before.indexOf('?')
  const path = mark < 0 ? before : before.slice(0, mark)
  const old = keep && mark >= 0 ? before.slice(mark + 1) : ''
  return `${path}?${[old, encode(pairs)].filter(Boolean).join('&')}${fragment === undefined ? '' : `#${fragment}`}`
}

function challengeOf (form: Form): { value: string, method: 'S256' | 'plain' } | undefined | 'unknown' {
  const value = form('code_challenge')
  const method = form('code_challenge_method') || 'plain'
  if (value === '') return undefined
  return method === 'S256' || method === 'plain' ? { value, method } : 'unknown'
}

/** GET and POST /oauth/authorize (RFC 6749 section 3.1): who is logged in gets a code, or tokens in the fragment. */
export async function authorize (authentication: Authentication, { identity }: FastifyRequest, reply: FastifyReply, form: Form): Promise<FastifyReply> {
  const { clients, issuer } = authentication
  const client = clients.find(form('client_id'))
  if (!client) throw oauthError(400, 'invalid_client', 'the OAuth client was not found')
  const redirect = clients.redirect(client, form('redirect_uri'))
  if (redirect === undefined) throw oauthError(400, 'invalid_request', 'redirect URL is not allowed')
  if (identity.by === 'anonymous') throw oauthError(401, 'login_required', '', { 'www-authenticate': 'Basic' })

  const state = form('state')
  const types = form('response_type').split(' ').filter(Boolean)
  const fail = (error: string, description = '') => reply.redirect(withQuery(redirect, [['error', error], ['error_description', description], ['state', state]], false), 302)
  if (types.some(type => !known.has(type))) return fail('invalid_request', 'Some requested response types were invalid')
  const challenge = challengeOf(form)
  if (challenge === 'unknown') return fail('invalid_request', 'the code_challenge_method is not supported')

  if (types.length === 1 && types[0] === 'code') {
    const code = issuer.code({ username: identity.name, clientId: client.name, redirectURI: redirect, scopes: form('scope').split(' ').filter(Boolean), nonce: form('nonce'), ...(challenge ? { challenge } : {}) })
    return reply.redirect(withQuery(redirect, [['code', code], ['state', state]], true), 302)
  }
  if (types.length === 1 && types[0] === 'token') {
    const { access_token: access, refresh_token: refresh, expires_in: expires = 0 } = await issuer.issue(identity.name)
    return reply.redirect(`${redirect}#${encode([['access_token', access], ['expires_in', String(expires)], ['refresh_token', refresh], ['token_type', 'Bearer'], ['state', state]])}`, 302)
  }
  return fail('unsupported_response_type')
}
