import { badRequest, isRecord } from '../../../core/sdk/index.js'
import { isNamespaces } from '../admission.js'
import { parseBody } from '../body.js'
import { requestToken } from '../auth/token-request.js'
import type { Context } from '../context.js'
import { header, type Answer, type Exchange } from '../exchange.js'
import type { Draft, KindRow } from '../kinds/types.js'
import { asDraft } from '../metadata.js'
import { objectAnswer, viewOf } from '../render.js'
import type { ResourceRoute } from '../route.js'
import { noSuchMethod, noSuchResource, nothingRuns } from '../status.js'
import type { Entry } from '../storage/types.js'
import { adjustObject, type Place } from '../writes.js'
import { find, get } from './get.js'
import { patch } from './patch.js'
import { bind, evict } from './pods.js'
import { getScale, patchScale, putScale } from './scale.js'
import { update } from './write.js'

/** What needs a node, and so is nowhere here. */
const ofNodes: Readonly<Record<string, readonly string[]>> = {
  pods: ['attach', 'ephemeralcontainers', 'exec', 'log', 'portforward', 'proxy', 'resize'],
  nodes: ['proxy'],
  services: ['proxy'],
}

type Handler = (context: Context, route: ResourceRoute, exchange: Exchange) => Answer | Promise<Answer>

const handlers: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
  status: { GET: get, PUT: (c, r, e) => update(c, r, e, 'status'), PATCH: (c, r, e) => patch(c, r, e, 'status') },
  approval: { GET: get, PUT: (c, r, e) => update(c, r, e, 'approval'), PATCH: (c, r, e) => patch(c, r, e, 'approval') },
  scale: { GET: getScale, PUT: putScale, PATCH: patchScale },
  finalize: { PUT: finalize },
  token: { POST: requestToken },
  eviction: { POST: evict },
  binding: { POST: bind },
}

function isServed (row: KindRow, subresource: string): boolean {
  if (subresource === 'token') return row.group === '' && row.resource === 'serviceaccounts'
  if (subresource === 'eviction' || subresource === 'binding') return row.group === '' && row.resource === 'pods'
  if (subresource === 'finalize') return row.subresources.finalize ?? isNamespaces(row)
  return row.subresources[subresource as 'status' | 'scale' | 'approval'] !== undefined
}

/** Answers a request for a subresource; 404 where the kind has none of that name. */
export function subresource (context: Context, route: ResourceRoute, exchange: Exchange): Answer | Promise<Answer> {
  const { row, subresource } = route
  const [first = ''] = subresource.split('/')
  if (row.group === '' && ofNodes[row.resource]?.includes(first)) {
    find(context, route)
    throw nothingRuns(`${row.resource}/${first}`)
  }
  const handler = Object.hasOwn(handlers, subresource) && isServed(row, subresource) ? handlers[subresource] : undefined
  if (!handler) throw noSuchResource()
  const method = exchange.method === 'HEAD' ? 'GET' : exchange.method
  const answer = handler[method]
  if (!answer) throw noSuchMethod()
  return answer(context, route, exchange)
}

/** Replaces spec.finalizers of a namespace; the last one lets a terminating namespace go. */
async function finalize (context: Context, route: ResourceRoute, exchange: Exchange): Promise<Answer> {
  const { row } = route
  const view = viewOf(exchange)
  const draft = asDraft(row, parseBody(await exchange.body(), header(exchange, 'content-type'), row.kind))
  if (draft.metadata.name !== '' && draft.metadata.name !== route.name) throw badRequest(`the name of the object (${draft.metadata.name}) does not match the name on the URL (${route.name})`)
  find(context, route)
  return objectAnswer(200, row, (await setFinalizers(context, route, draft))!, view)
}

const setFinalizers = (context: Context, place: Place, draft: Draft): Promise<Entry | undefined> => adjustObject(context, place, stored => {
  const spec = isRecord(draft['spec']) ? draft['spec'] : {}
  const finalizers = Array.isArray(spec['finalizers']) ? spec['finalizers'].filter(item => typeof item === 'string') : []
  return { ...stored, spec: finalizers.length ? { finalizers } : {} }
})
