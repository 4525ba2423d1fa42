import type { KubeRequest } from '../../../core/sdk/index.js'
import type { Context } from '../context.js'
import { errorAnswer } from '../entry.js'
import type { Answer, Exchange } from '../exchange.js'
import { exchangeOf, responseOf } from '../transport.js'
import type { createUpgrades } from '../websocket.js'

type Upgrades = ReturnType<typeof createUpgrades>

/** What asks to be upgraded goes by the gate first. */
export function guardUpgrades (context: Context, upgrades: Upgrades): Upgrades {
  const { gate } = context.auth
  const refused = (exchange: Exchange): Answer | undefined => {
    try {
      gate.admit(exchange)
      return undefined
    } catch (error) {
      return errorAnswer(context, exchange, error)
    }
  }
  return {
    ...upgrades,
    async accept (exchange, ...rest) { return refused(exchange) ?? upgrades.accept(exchange, ...rest) },
    async inProcess (request: KubeRequest) {
      const answer = refused(exchangeOf(request))
      return answer ? responseOf(request.method, answer) : upgrades.inProcess(request)
    },
  }
}
