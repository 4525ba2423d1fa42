import { createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { sameText } from '../clients.js'
import { ProviderFailure, type Flow } from './types.js'

/** How long a log-in at a provider may take (ms). */
export const flowLifetime = 10 * 60_000
/** A state that was made here: when it ends, and what binds it. */
const ours = /^ks1\.([0-9a-z]{1,10})\.[A-Za-z0-9_-]{43}$/
const browserForm = /^[A-Za-z0-9_-]{43}$/

export interface Begun extends Flow {
  /** The browser's secret, for its cookie alone. */
  browser: string
}

export interface Flows {
  begin (provider: string): Begun
  /**
   * The flow that a callback ends. undefined where it was begun elsewhere: a console of 3.x makes its own log-in address, with a state of its own or none,
   * and checks it itself. Throws a ProviderFailure for a state of ours in another browser, and for any other state in a browser that has begun here.
   */
  resume (provider: string, state: string, browser: string | undefined, requireState: boolean): Flow | undefined
}

/**
 * Log-ins under way, kept by nobody: the browser holds a random secret, and state, nonce and PKCE verifier are made from it with the server's key.
 * Whatever replica answers the callback, makes them again.
 */
export function createFlows ({ secret, now }: { secret: string, now: () => number }): Flows {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'identity providers: flows', 32))
  const derive = (use: string, provider: string, ends: string, browser: string): string => createHmac('sha256', key).update(JSON.stringify([use, provider, ends, browser])).digest('base64url')

  const flowOf = (provider: string, ends: string, browser: string): Flow => ({
    state: `ks1.${ends}.${derive('state', provider, ends, browser)}`,
    nonce: derive('nonce', provider, ends, browser),
    verifier: derive('verifier', provider, ends, browser),
  })

  return {
    begin (provider) {
      const browser = randomBytes(32).toString('base64url')
      return { browser, ...flowOf(provider, Math.floor(now() + flowLifetime).toString(36), browser) }
    },
    resume (provider, state, browser, requireState) {
      const [, ends] = ours.exec(state) ?? []
      if (ends === undefined) {
        if (browser !== undefined || requireState) throw new ProviderFailure('the state of the log-in is missing')
        return undefined
      }
      const flow = browser !== undefined && browserForm.test(browser) ? flowOf(provider, ends, browser) : undefined
      if (!flow || !sameText(flow.state, state)) throw new ProviderFailure('the log-in was begun in another browser')
      if (parseInt(ends, 36) < now()) throw new ProviderFailure('the log-in took too long')
      return flow
    },
  }
}
