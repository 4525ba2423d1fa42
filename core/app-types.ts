import type {} from '@fastify/swagger'
import type { Duplex } from 'node:stream'
import type { Grant, Identity } from './auth/types.js'
import type { ErrorForm } from './errors/status-error.js'
import type { Target } from './request/types.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** What is asked, as the front door read it. */
    target: Target
    /** Who asks. */
    identity: Identity
    /** Why it is allowed. */
    grant: Grant
    /** How errors go out from where the request is now: a Status inside the chain, a group's own form in its handlers. */
    errorForm: ErrorForm
    /** The raw connection of a request that asks for an upgrade; the handler may take it over. */
    upgradeSocket: { readonly socket: Duplex, readonly head: Buffer } | undefined
  }
  interface FastifyContextConfig {
    /** The form of errors thrown by this route's handler; text under /kapis by default. */
    errorForm?: ErrorForm
  }
}
