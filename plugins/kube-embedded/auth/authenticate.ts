import { createHash, timingSafeEqual } from 'node:crypto'
import type { Headers } from '../../../core/sdk/index.js'
import { issuer, type Tokens, type Verdict } from './tokens.js'
import { admin, anonymous, type User } from './users.js'

const digest = (text: string) => createHash('sha256').update(text).digest()
const protocolPrefix = 'base64url.bearer.authorization.k8s.io.'

export interface Authenticator {
  /** Who sends these headers; undefined where what they show is no good. Without a credential it is the anonymous. */
  identify (headers: Headers): User | undefined
  /** What a token says of who holds it. */
  check (token: string, audiences?: readonly string[]): Verdict
}

/** The token of a request: of its Authorization, or of the subprotocol in which browsers send it. */
function tokenOf ({ authorization, 'sec-websocket-protocol': protocols }: Headers): string {
  const [scheme = '', token = ''] = String(authorization ?? '').trim().split(' ')
  if (scheme.toLowerCase() === 'bearer') return token
  const offered = String(protocols ?? '').split(',').map(name => name.trim()).find(name => name.startsWith(protocolPrefix))
  return offered ? Buffer.from(offered.slice(protocolPrefix.length), 'base64url').toString('utf8') : ''
}

/** Knows the holder of the admin's token and the ServiceAccounts. */
export function createAuthenticator (adminToken: string, tokens: Tokens): Authenticator {
  const expected = digest(adminToken)
  const check = (token: string, audiences: readonly string[] = [issuer]): Verdict => {
    if (!timingSafeEqual(digest(token), expected)) return tokens.check(token, audiences)
    const own = audiences.filter(audience => audience === issuer)
    return own.length ? { user: admin, audiences: own } : { error: '' }
  }
  return {
    check,
    identify (headers) {
      const token = tokenOf(headers)
      if (!token) return anonymous
      const verdict = check(token)
      return 'user' in verdict ? verdict.user : undefined
    },
  }
}
