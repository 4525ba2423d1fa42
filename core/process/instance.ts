import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Logger } from 'pino'
import type { ServerConfig } from '../../config/server.js'
import type { KubeClient } from '../kube/client.js'
import { createServer, type Server } from '../server.js'
import type { GroupDefinition } from '../sdk/index.js'
import type { Handler } from './listener.js'

/** A server that can be replaced while it serves: requests go to the one that is there when they come. */
export interface Instance extends Handler {
  readonly notices: readonly string[]
  /** Builds a server of this configuration beside the old one, then puts it in its place; the old one finishes what is under way. */
  replace (config: ServerConfig): Promise<void>
  drain (): void
  close (): Promise<void>
}

export interface InstanceOptions { config: ServerConfig, groups: readonly GroupDefinition[], kube: KubeClient, log: Logger }

export async function createInstance ({ config, groups, kube, log }: InstanceOptions): Promise<Instance> {
  let timeout = config.server.shutdownTimeout
  let current: Server = await createServer({ config, groups, kube, log })
  const leaving = new Set<Promise<void>>()
  return {
    notices: current.notices,
    handle: (request: IncomingMessage, response: ServerResponse) => { current.handle(request, response) },
    upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => { current.upgrade(request, socket, head) },
    async replace (next) {
      const made = await createServer({ config: next, groups, kube, log })
      const old = current
      current = made
      const gone = old.close(timeout).catch((error: unknown) => { log.error({ err: error }, 'the server of the old configuration did not end well') })
      timeout = next.server.shutdownTimeout
      leaving.add(gone)
      void gone.finally(() => { leaving.delete(gone) })
    },
    drain: () => { current.drain() },
    async close () {
      await Promise.all([current.close(timeout), ...leaving])
    },
  }
}
