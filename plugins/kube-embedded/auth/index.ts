import { keepSecret } from '../../../core/sdk/index.js'
import type { Context } from '../context.js'
import { createAuthenticator, type Authenticator } from './authenticate.js'
import { followPolicy, hasRBAC } from './follow.js'
import { createGate, type Gate } from './gate.js'
import { keepSigningKey } from './keys.js'
import { Policy } from './policy.js'
import { Tokens } from './tokens.js'

/** Who asks, and what they may. */
export interface Auth {
  readonly authenticator: Authenticator
  readonly tokens: Tokens
  readonly policy: Policy
  /** False where the kinds of RBAC are not served: then everybody who is known may everything. */
  readonly enforced: boolean
  readonly gate: Gate
  /** The bearer token of system:admin. */
  readonly adminToken: string
  close (): void
}

/** Reads or makes the secrets of `dir` and follows the roles and bindings of the store. */
export async function createAuth (dir: string, context: Pick<Context, 'storage' | 'rows' | 'now'>): Promise<Auth> {
  const adminToken = await keepSecret(dir, 'kube-token')
  const tokens = new Tokens(context, await keepSigningKey(dir))
  const policy = new Policy()
  const close = followPolicy(policy, context)
  const enforced = hasRBAC(context)
  return { authenticator: createAuthenticator(adminToken, tokens), tokens, policy, enforced, gate: createGate(policy, enforced), adminToken, close }
}
