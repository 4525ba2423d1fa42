/** What /readyz asks: named checks that resolve when well and throw a sentence when not. */
export interface Health {
  readonly checks: Map<string, () => void | Promise<void>>
  /** The server is on its way down: not ready any more. */
  draining: boolean
}
