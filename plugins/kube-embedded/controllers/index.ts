import type { Authority } from '../../../core/sdk/index.js'
import type { Context } from '../context.js'
import { tokenSecretController } from '../auth/token-secrets.js'
import { accountController } from './accounts.js'
import { aggregationController } from './aggregation.js'
import { followChanges } from './changes.js'
import { definitionController } from './definitions.js'
import { eventController } from './events.js'
import { garbageCollector } from './garbage.js'
import { namespaceController } from './namespaces.js'
import { signingController } from './signing.js'

export interface Controllers {
  /** Resolves when no controller has work left. */
  settled (): Promise<void>
  close (): Promise<void>
}

/** Starts what runs beside the API: definitions first, so that the kinds are there for the others. `certificate`: PEM of the loopback listener's root; `authority` signs for clients. */
export function startControllers (context: Context, certificate: string, authority: Authority): Controllers {
  const events = eventController(context)
  const controllers = [definitionController(context), namespaceController(context), accountController(context, certificate), garbageCollector(context), aggregationController(context), tokenSecretController(context, certificate), signingController(context, authority), events]
  const stop = followChanges(context, controllers.map(({ listener }) => listener))
  const queues = controllers.map(({ queue }) => queue)
  return {
    async settled () {
      // Work of one controller makes work for another; twice around without any is rest.
      for (let i = 0; i < 3; i++) {
        await new Promise(resolve => setImmediate(resolve))
        for (const queue of queues) await queue.settled()
      }
    },
    async close () {
      stop()
      events.stop()
      await Promise.all(queues.map(queue => queue.close()))
    },
  }
}
