import type { GroupDefinition } from '../core/sdk/index.js'

/** The groups that the server is made of. The only list of them. */
export const groups: readonly GroupDefinition[] = []
