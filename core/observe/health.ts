/** Resolves when well, with lines for whoever wants to know more; throws a sentence when not. */
export type Check = () => void | readonly string[] | Promise<void | readonly string[]>

/** What /readyz asks. */
export interface Health {
  readonly checks: Map<string, Check>
  /** The server is on its way down: not ready any more. */
  draining: boolean
}
