import { promql } from '../../core/sdk/index.js'
import { readsSeries } from './templates.js'

type Texts = Readonly<Record<string, string>> | null | undefined

/** What of a rule decides which series its alerts tell of. */
export interface Reads { readonly query: string, readonly labels?: Texts, readonly annotations?: Texts }

/**
 * Whether all that a rule reads is of one project. Rules reach a rule server by other ways than ours, too: what one of them found elsewhere is not
 * for members of the project.
 */
export function staysIn (namespace: string, { query, labels, annotations }: Reads): boolean {
  try {
    return promql.canonical(query) === promql.restrict(query, { namespace }) && ![...Object.values(labels ?? {}), ...Object.values(annotations ?? {})].some(readsSeries)
  } catch { return false }
}
