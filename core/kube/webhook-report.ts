import type { Logger } from 'pino'
import type { Kube } from './types.js'
import { findDeadConversions, findDeadWebhooks } from './webhooks.js'

/** How often webhooks are looked at (ms), and in how many rounds conversions are, once. */
const period = 60_000
const seldom = 10

export interface WebhookReport {
  /** What was found at the last look, a sentence each. */
  lines (): readonly string[]
  /** Looks now. */
  look (): Promise<void>
  /** Looks again and again, until closed. */
  follow (): void
  close (): void
}

/** Tells the operator of webhooks that were left behind, in the log and to whoever asks. Looks once by itself. */
export function createWebhookReport ({ kube, log }: { kube: Kube, log: Logger }): WebhookReport {
  let found: readonly string[] = []
  let conversions: readonly string[] = []
  let rounds = 0
  let current: Promise<void> | undefined

  async function round (): Promise<void> {
    const webhooks = await findDeadWebhooks(kube)
    // A conversion that was dead is looked at again each time, so that a repair is seen.
    if (rounds++ % seldom === 0 || conversions.length > 0) conversions = await findDeadConversions(kube)
    const before = found
    found = [...webhooks, ...conversions]
    for (const line of found) if (!before.includes(line)) log.warn(line)
    if (before.length > 0 && found.length === 0) log.info('no webhook refuses writes any more')
  }

  function look (): Promise<void> {
    current ??= round()
      .catch((error: unknown) => { log.debug({ err: error }, 'webhook configurations could not be read') })
      .finally(() => { current = undefined })
    return current
  }

  let timer: NodeJS.Timeout | undefined
  void look()
  return {
    lines: () => found,
    look,
    follow () { timer ??= setInterval(() => { void look() }, period).unref() },
    close () { clearInterval(timer) },
  }
}
