import { badRequest, type KubeObject } from '../../../core/sdk/index.js'
import { isNamespaces } from '../admission.js'
import { isRecord, parseBody } from '../body.js'
import type { Context } from '../context.js'
import { header, jsonAnswer, type Answer, type Exchange } from '../exchange.js'
import type { Draft, KindRow } from '../kinds/types.js'
import { asDraft } from '../metadata.js'
import { objectAnswer, viewOf } from '../render.js'
import type { ResourceRoute } from '../route.js'
import { noSuchMethod, noSuchResource, nothingRuns } from '../status.js'
import type { Entry } from '../storage/types.js'
import { adjustObject, changeObject, type Place } from '../writes.js'
import { find, get } from './get.js'
import { writeOptions } from './options.js'
import { patch, patched, patchOf } from './patch.js'
import { update } from './write.js'

/** What needs a node, and so is nowhere here. */
const ofNodes: Readonly<Record<string, readonly string[]>> = {
  pods: ['attach', 'binding', 'ephemeralcontainers', 'eviction', 'exec', 'log', 'portforward', 'proxy', 'resize'],
  nodes: ['proxy'],
  services: ['proxy'],
  serviceaccounts: ['token'],
}

type Handler = (context: Context, route: ResourceRoute, exchange: Exchange) => Answer | Promise<Answer>

const handlers: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
  status: { GET: get, PUT: (c, r, e) => update(c, r, e, 'status'), PATCH: (c, r, e) => patch(c, r, e, 'status') },
  scale: { GET: getScale, PUT: putScale, PATCH: patchScale },
  finalize: { PUT: finalize },
}

/** Answers a request for a subresource; 404 where the kind has none of that name. */
export function subresource (context: Context, route: ResourceRoute, exchange: Exchange): Answer | Promise<Answer> {
  const { row, subresource } = route
  const [first = ''] = subresource.split('/')
  if (row.group === '' && ofNodes[row.resource]?.includes(first)) {
    find(context, route)
    throw nothingRuns(`${row.resource}/${first}`)
  }
  const served = subresource === 'finalize' ? row.subresources.finalize ?? (isNamespaces(row) || undefined) : row.subresources[subresource as 'status' | 'scale']
  const handler = Object.hasOwn(handlers, subresource) && served ? handlers[subresource] : undefined
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

const at = (object: unknown, path: string): unknown => path.split('.').slice(1).reduce<unknown>((value, key) => isRecord(value) ? value[key] : undefined, object)

function put (object: Record<string, unknown>, path: string, value: unknown) {
  const keys = path.split('.').slice(1)
  let target = object
  for (const key of keys.slice(0, -1)) target = (isRecord(target[key]) ? target[key] : target[key] = {}) as Record<string, unknown>
  target[keys.at(-1)!] = value
}

interface LabelSelector { matchLabels?: Record<string, string>, matchExpressions?: { key: string, operator: string, values?: string[] }[] }

const operators: Record<string, (key: string, values: string) => string> = {
  In: (key, values) => `${key} in (${values})`,
  NotIn: (key, values) => `${key} notin (${values})`,
  Exists: key => key,
  DoesNotExist: key => `!${key}`,
}

/** A LabelSelector, a plain map of labels or a string, as the text of a selector. */
function selectorText (value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (!isRecord(value)) return undefined
  const { matchLabels, matchExpressions } = value as LabelSelector
  if (!matchLabels && !matchExpressions) return Object.entries(value).map(([key, item]) => `${key}=${String(item)}`).sort().join(',')
  const labels = Object.entries(matchLabels ?? {}).map(([key, item]) => `${key}=${item}`)
  const expressions = (matchExpressions ?? []).map(({ key, operator, values = [] }) => operators[operator]?.(key, [...values].sort().join(',')) ?? key)
  return [...labels, ...expressions].sort().join(',')
}

const count = (value: unknown) => typeof value === 'number' ? value : 0

/** The autoscaling/v1 Scale of an object. */
function scaleOf ({ subresources: { scale } }: KindRow, object: KubeObject) {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata
  const selector = scale?.labelSelectorPath ? selectorText(at(object, scale.labelSelectorPath)) : undefined
  const replicas = count(at(object, scale!.specReplicasPath))
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, ...(namespace ? { namespace } : {}), uid, resourceVersion, creationTimestamp },
    spec: replicas ? { replicas } : {},
    status: { replicas: count(at(object, scale!.statusReplicasPath)), ...(selector === undefined ? {} : { selector }) },
  }
}

/** A Scale is written and checked like an object of a kind of its own. */
const scaleRow = (row: KindRow): KindRow => ({ ...row, group: 'autoscaling', version: 'v1', resource: 'scales', kind: 'Scale', storageVersion: 'autoscaling/v1' })

function getScale (context: Context, route: ResourceRoute): Answer {
  return jsonAnswer(200, scaleOf(route.row, find(context, route).object))
}

function replicasOf (scale: Draft): number {
  const replicas = isRecord(scale['spec']) ? scale['spec']['replicas'] ?? 0 : 0
  if (typeof replicas !== 'number' || !Number.isInteger(replicas) || replicas < 0) throw badRequest(`Scale in version "v1" cannot be handled as a Scale: spec.replicas must be a whole number not below 0, not ${JSON.stringify(replicas)}`)
  return replicas
}

function scaled (row: KindRow, stored: Draft, scale: Draft): Draft {
  const { resourceVersion, uid } = scale.metadata
  put(stored, row.subresources.scale!.specReplicasPath, replicasOf(scale))
  if (resourceVersion) stored.metadata.resourceVersion = resourceVersion
  if (uid) stored.metadata.uid = uid
  return stored
}

async function putScale (context: Context, route: ResourceRoute, exchange: Exchange): Promise<Answer> {
  const { row } = route
  const options = writeOptions(exchange, 'UpdateOptions')
  const scale = asDraft(scaleRow(row), parseBody(await exchange.body(), header(exchange, 'content-type'), 'Scale'))
  const entry = await changeObject(context, route, stored => scaled(row, stored, scale), options)
  return jsonAnswer(200, scaleOf(row, entry.object))
}

async function patchScale (context: Context, route: ResourceRoute, exchange: Exchange): Promise<Answer> {
  const { row } = route
  const options = writeOptions(exchange, 'PatchOptions')
  const change = await patchOf(row, exchange)
  const entry = await changeObject(context, route, stored => scaled(row, stored, patched({ ...scaleRow(row), crd: 'scale' }, scaleOf(row, stored) as unknown as Draft, change)), options)
  return jsonAnswer(200, scaleOf(row, entry.object))
}
