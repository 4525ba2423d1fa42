import type { KubeObject } from '../../../core/sdk/index.js'
import { invalidValue } from '../causes.js'
import { numberAt } from './cells.js'
import { notNegative } from './rules.js'
import type { Cause } from './types.js'

/** The counts of a status: none is below nothing, parts are not more than the whole, and what is available is ready. */
export function countCauses (object: KubeObject, parts: readonly string[], others: readonly string[] = [], ready = 'readyReplicas'): Cause[] {
  const count = (key: string): number => numberAt(object, `status.${key}`)
  const beyond = (key: string, limit: string, name: string): Cause[] => count(key) > count(limit) ? [invalidValue(`status.${key}`, count(key), `cannot be greater than ${name}`)] : []
  return [
    ...notNegative(object, ...['observedGeneration', 'replicas', ...parts, ...others].map(key => `status.${key}`)),
    ...parts.flatMap(key => beyond(key, 'replicas', 'status.replicas')),
    ...beyond('availableReplicas', 'readyReplicas', ready),
  ]
}
