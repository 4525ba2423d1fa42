import type { Part } from '../admission.js'
import { requireName, type WriteOptions } from '../admission.js'
import { parseStrictly } from '../body.js'
import type { Context } from '../context.js'
import { header, type Answer, type Exchange } from '../exchange.js'
import type { Draft, KindRow } from '../kinds/types.js'
import { asDraft, distinctOwners } from '../metadata.js'
import { objectAnswer, viewOf } from '../render.js'
import type { ResourceRoute } from '../route.js'
import { changeObject, createObject } from '../writes.js'
import { writeOptions } from './options.js'

/** The object of a body; what a strict reader says of it goes to the options. */
async function draftOf (row: KindRow, exchange: Exchange, { problems, warnings }: WriteOptions): Promise<Draft> {
  const { value, places } = parseStrictly(await exchange.body(), header(exchange, 'content-type'), row.kind)
  for (const place of places) problems.push(place)
  const draft = asDraft(row, value)
  distinctOwners(draft, warnings)
  return draft
}

export async function create (context: Context, { row, namespace }: ResourceRoute, exchange: Exchange): Promise<Answer> {
  const view = viewOf(exchange)
  const options = writeOptions(exchange, 'CreateOptions')
  const draft = await draftOf(row, exchange, options)
  const entry = await createObject(context, row, namespace, draft, options)
  return objectAnswer(201, row, entry, view, options.warnings)
}

/** Replaces an object, or only its status. */
export async function update (context: Context, route: ResourceRoute, exchange: Exchange, part: Part = 'all'): Promise<Answer> {
  const { row } = route
  const view = viewOf(exchange)
  const options = writeOptions(exchange, 'UpdateOptions')
  const draft = await draftOf(row, exchange, options)
  requireName(draft, route.name)
  const entry = await changeObject(context, route, () => draft, options, part)
  return objectAnswer(200, row, entry, view, options.warnings)
}
