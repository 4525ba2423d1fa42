import { badRequest, notFound } from '../../../core/sdk/index.js'
import { keyOf, type Context } from '../context.js'
import type { Answer, Exchange } from '../exchange.js'
import { objectAnswer, viewOf } from '../render.js'
import type { ResourceRoute } from '../route.js'
import { resourceName, tooLargeRevision } from '../status.js'
import type { Entry } from '../storage/types.js'

/** A non-negative revision, or undefined where the parameter is absent; 400 for anything else. */
export function revisionOf (text: string | null): number | undefined {
  if (text === null || text === '') return undefined
  if (!/^\d{1,16}$/.test(text)) throw badRequest(`Invalid value: "${text.slice(0, 64)}": strconv.ParseUint: parsing "${text.slice(0, 64)}": invalid syntax`)
  return Number(text)
}

/** The stored object that a route names. */
export function find ({ storage }: Context, { row, namespace, name }: ResourceRoute): Entry {
  const entry = storage.get(row.bucket, keyOf(row, namespace, name))
  if (!entry) throw notFound(resourceName(row), name)
  return entry
}

export function get (context: Context, route: ResourceRoute, exchange: Exchange): Answer {
  const view = viewOf(exchange)
  const revision = revisionOf(exchange.query.get('resourceVersion')) ?? 0
  if (revision > context.storage.revision) throw tooLargeRevision(revision, context.storage.revision)
  return objectAnswer(200, route.row, find(context, route), view)
}
