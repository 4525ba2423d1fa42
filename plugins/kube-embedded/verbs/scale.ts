import { badRequest, invalid, isRecord, type KubeObject } from '../../../core/sdk/index.js'
import { parseBody } from '../body.js'
import type { Context } from '../context.js'
import { header, jsonAnswer, type Answer, type Exchange } from '../exchange.js'
import { ageColumn, column } from '../kinds/row.js'
import type { Draft, KindRow } from '../kinds/types.js'
import { asDraft, invalidValue } from '../metadata.js'
import { viewOf } from '../render.js'
import type { ResourceRoute } from '../route.js'
import { toTable } from '../table/index.js'
import { changeObject } from '../writes.js'
import { find } from './get.js'
import { writeOptions } from './options.js'
import { patched, patchOf } from './patch.js'

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
export function selectorText (value: unknown): string | undefined {
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
function scaleOf ({ crd, subresources: { scale } }: KindRow, object: KubeObject) {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata
  const path = crd === undefined ? '.spec.selector' : scale?.labelSelectorPath
  const selector = path ? selectorText(at(object, path)) : undefined
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

const scaleColumns = [
  column('Desired', 'integer', object => count(at(object, '.spec.replicas'))),
  column('Available', 'integer', object => count(at(object, '.status.replicas'))),
  ageColumn,
]

export function getScale (context: Context, route: ResourceRoute, exchange: Exchange): Answer {
  const { form, includeObject } = viewOf(exchange)
  const scale = scaleOf(route.row, find(context, route).object)
  if (form.as !== 'table') return jsonAnswer(200, scale)
  const { resourceVersion } = scale.metadata
  return jsonAnswer(200, toTable({ ...scaleRow(route.row), columns: scaleColumns }, [scale as unknown as KubeObject], { includeObject, metadata: { resourceVersion }, apiVersion: form.apiVersion }))
}

function replicasOf (scale: Draft): number {
  const replicas = isRecord(scale['spec']) ? scale['spec']['replicas'] ?? 0 : 0
  if (typeof replicas !== 'number' || !Number.isInteger(replicas)) throw badRequest(`Scale in version "v1" cannot be handled as a Scale: json: cannot unmarshal ${typeof replicas} into Go struct field ScaleSpec.spec.replicas of type int32`)
  if (replicas < 0) throw invalid('Scale.autoscaling', scale.metadata.name, [invalidValue('spec.replicas', replicas, 'must be greater than or equal to 0')])
  return replicas
}

function scaled (row: KindRow, stored: Draft, scale: Draft): Draft {
  const { resourceVersion, uid } = scale.metadata
  put(stored, row.subresources.scale!.specReplicasPath, replicasOf(scale))
  if (resourceVersion) stored.metadata.resourceVersion = resourceVersion
  if (uid) stored.metadata.uid = uid
  return stored
}

export async function putScale (context: Context, route: ResourceRoute, exchange: Exchange): Promise<Answer> {
  const { row } = route
  const options = { ...writeOptions(exchange, 'UpdateOptions'), subresource: 'scale' }
  const scale = asDraft(scaleRow(row), parseBody(await exchange.body(), header(exchange, 'content-type'), 'Scale'))
  const entry = await changeObject(context, route, stored => scaled(row, stored, scale), options)
  return jsonAnswer(200, scaleOf(row, entry.object))
}

export async function patchScale (context: Context, route: ResourceRoute, exchange: Exchange): Promise<Answer> {
  const { row } = route
  const options = { ...writeOptions(exchange, 'PatchOptions'), subresource: 'scale' }
  const change = await patchOf(row, exchange)
  const entry = await changeObject(context, route, stored => scaled(row, stored, patched({ ...scaleRow(row), crd: 'scale' }, scaleOf(row, stored) as unknown as Draft, change)), options)
  return jsonAnswer(200, scaleOf(row, entry.object))
}
