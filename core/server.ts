import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Logger } from 'pino'
import type { ServerConfig } from '../config/server.js'
import type { GroupDefinition, Kube } from './sdk/index.js'

export interface ServerOptions {
  /** The whole configuration, sections of groups included. */
  config: ServerConfig
  groups: readonly GroupDefinition[]
  kube: Kube
  log: Logger
}

/** Everything behind the listeners: one configuration's worth of the server. A reload makes a new one beside the old. */
export interface Server {
  handle (request: IncomingMessage, response: ServerResponse): void
  upgrade (request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Lines for the person who starts the server (address and password file are the caller's and the groups' business). */
  readonly notices: readonly string[]
  /** Turns /readyz off; everything else goes on. */
  drain (): void
  /** Ends reconcilers, watches of clients and what the groups opened; open requests end first, bounded by `timeoutMs`. The Kubernetes client is the caller's. */
  close (timeoutMs: number): Promise<void>
}
