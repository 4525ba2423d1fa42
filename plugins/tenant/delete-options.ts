import { badRequest, isRecord, type DeleteOptions } from '../../core/sdk/index.js'

const policies = ['Orphan', 'Background', 'Foreground'] as const

function preconditionsOf (value: unknown): NonNullable<DeleteOptions['preconditions']> {
  if (!isRecord(value)) throw badRequest('preconditions must be an object')
  const { uid, resourceVersion } = value
  return { ...(typeof uid === 'string' ? { uid } : {}), ...(typeof resourceVersion === 'string' ? { resourceVersion } : {}) }
}

/** Reads DeleteOptions; none is an order to delete at once. What is not understood is a 400: nothing goes by a misreading. */
export function readDeleteOptions (body: unknown): DeleteOptions {
  if (body === undefined || body === null) return { gracePeriodSeconds: 0 }
  if (!isRecord(body)) throw badRequest('DeleteOptions must be one JSON object')
  const { propagationPolicy, gracePeriodSeconds, preconditions, dryRun } = body
  const policy = policies.find(one => one === propagationPolicy)
  if (propagationPolicy !== undefined && propagationPolicy !== null && !policy) throw badRequest(`propagationPolicy must be one of ${policies.join(', ')}`)
  if (gracePeriodSeconds !== undefined && !Number.isInteger(gracePeriodSeconds)) throw badRequest('gracePeriodSeconds must be a whole number')
  if (Array.isArray(dryRun) && dryRun.length > 0) throw badRequest('dryRun is not served here')
  return {
    gracePeriodSeconds: typeof gracePeriodSeconds === 'number' ? gracePeriodSeconds : 0,
    ...(policy ? { propagationPolicy: policy } : {}),
    ...(preconditions === undefined || preconditions === null ? {} : { preconditions: preconditionsOf(preconditions) }),
  }
}
