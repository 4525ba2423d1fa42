import { parseBody } from '../body.js'
import type { Context } from '../context.js'
import { header, type Answer, type Exchange } from '../exchange.js'
import { asDraft } from '../metadata.js'
import { objectAnswer, viewOf } from '../render.js'
import type { ResourceRoute } from '../route.js'
import { changeObject, createObject } from '../writes.js'
import { writeOptions } from './options.js'

export async function create (context: Context, { row, namespace }: ResourceRoute, exchange: Exchange): Promise<Answer> {
  const view = viewOf(exchange)
  const options = writeOptions(exchange, 'CreateOptions')
  const draft = asDraft(row, parseBody(await exchange.body(), header(exchange, 'content-type'), row.kind))
  const entry = await createObject(context, row, namespace, draft, options)
  return objectAnswer(201, row, entry, view, options.warnings)
}

/** Replaces an object, or only its status. */
export async function update (context: Context, route: ResourceRoute, exchange: Exchange, part: 'all' | 'status' = 'all'): Promise<Answer> {
  const { row } = route
  const view = viewOf(exchange)
  const options = writeOptions(exchange, 'UpdateOptions')
  const draft = asDraft(row, parseBody(await exchange.body(), header(exchange, 'content-type'), row.kind))
  const entry = await changeObject(context, route, () => draft, options, part)
  return objectAnswer(200, row, entry, view, options.warnings)
}
