import type { Logger } from 'pino'
import type { Access } from '../auth/types.js'
import type { Passwords } from '../auth/passwords.js'
import type { Kube } from '../kube/types.js'
import type { ServerConfig } from '../../config/server.js'

/** What groups may ask for by name. A shared client adds itself by declaration merging, beside its own type. */
export interface Services {
  /** Kubernetes, with the server's own identity. */
  kube: Kube
  /** "May this caller …?" */
  access: Access
  passwords: Passwords
  /** The whole configuration, for the few that report on it; a group's own section comes as `config`. */
  server: ServerConfig
  log: Logger
}
