import type { Fact } from '../types.js'
import { custom } from './custom.js'
import { deletes } from './deletes.js'
import { kinds, questions } from './kinds.js'
import { applies, patches } from './patches.js'
import { lists, watches } from './reads.js'
import { writes } from './writes.js'

/** The table of facts, by topic. */
export const facts: Readonly<Record<string, readonly Fact[]>> = { writes, patches, applies, lists, watches, deletes, custom, kinds, questions }
