import type { Logger } from 'pino'
import type { Access } from '../auth/types.js'
import type { Authenticator, Guards } from '../auth/hooks.js'
import type { Authentication } from '../auth/authentication.js'
import type { Passwords } from '../auth/passwords.js'
import type { Kube } from '../kube/types.js'
import type { Query, RequestInfo } from '../request/types.js'
import type { Health } from '../observe/health.js'
import type { Metrics } from '../observe/metrics.js'
import type { Streams } from '../request/streams.js'
import type { Prometheus } from '../services/prometheus/types.js'
import type { ServerConfig } from '../../config/server.js'

/** Reads a decoded path as the front door does. */
export type Resolve = (request: { method: string, path: string, query: Query }) => RequestInfo

/** What groups may ask for by name. A shared client adds itself by declaration merging, beside its own type. */
export interface Services {
  /** Kubernetes, with the server's own identity. */
  kube: Kube
  /** "May this caller …?" */
  access: Access
  passwords: Passwords
  /** Log-in, tokens, clients. */
  authentication: Authentication
  /** Tells who a set of credentials belongs to; streams ask it again while they last. */
  authenticator: Authenticator
  /** What groups ask of their objects where people reach them through plain /api and /apis. */
  guards: Guards
  /** Long-lived answers: bounded, and ended with their caller's right to them. */
  streams: Streams
  resolve: Resolve
  health: Health
  metrics: Metrics
  /** The Prometheus of `monitoring.endpoint`; not `configured` where there is none. */
  prometheus: Prometheus
  /** The whole configuration, for the few that report on it; a group's own section comes as `config`. */
  server: ServerConfig
  log: Logger
}
