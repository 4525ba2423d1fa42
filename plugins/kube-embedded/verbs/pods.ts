import { badRequest, conflict, isRecord, parseLabelSelector, tooManyRequests, type KubeObject } from '../../../core/sdk/index.js'
import { parseBody } from '../body.js'
import { prefixOf, timestamp, type Context } from '../context.js'
import { header, jsonAnswer, type Answer, type Exchange } from '../exchange.js'
import type { Draft } from '../kinds/types.js'
import type { ResourceRoute } from '../route.js'
import { success } from '../status.js'
import { adjustObject, removeObject } from '../writes.js'
import { find } from './get.js'
import { removalFrom } from './options.js'
import { selectorText } from './scale.js'

const done = { ...success(undefined), code: 201 }

async function bodyOf (exchange: Exchange, kind: string): Promise<Record<string, unknown>> {
  const body = parseBody(await exchange.body(), header(exchange, 'content-type'), kind)
  if (!isRecord(body)) throw badRequest(`the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind`)
  return body
}

type Budget = KubeObject & { spec?: { selector?: unknown }, status?: { disruptionsAllowed?: number } }

/** A budget that covers a pod and allows no disruption. */
function forbidding ({ storage, rows }: Context, namespace: string, pod: KubeObject): Budget | undefined {
  const row = rows.find('policy', 'v1', 'poddisruptionbudgets')
  if (!row) return undefined
  for (const { object } of storage.snapshot(row.bucket).range(prefixOf(row, namespace))) {
    const budget = object as Budget
    const covers = parseLabelSelector(selectorText(budget.spec?.selector) ?? '').matches(pod.metadata.labels)
    if (covers && !budget.status?.disruptionsAllowed) return budget
  }
  return undefined
}

/** Deletes a pod where no disruption budget stands against it. */
export async function evict (context: Context, route: ResourceRoute, exchange: Exchange): Promise<Answer> {
  const body = await bodyOf(exchange, 'Eviction')
  const { object } = find(context, route)
  const removal = removalFrom(isRecord(body['deleteOptions']) ? body['deleteOptions'] : {}, exchange.query)
  const runs = (object as KubeObject & { spec?: { nodeName?: string } }).spec?.nodeName
  const budget = runs ? forbidding(context, route.namespace, object) : undefined
  if (budget) throw tooManyRequests("Cannot evict pod as it would violate the pod's disruption budget.", 10)
  await removeObject(context, route, removal)
  return jsonAnswer(201, done)
}

function bound (pod: Draft, node: string, now: number): Draft {
  const status = isRecord(pod['status']) ? pod['status'] : {}
  const conditions = (Array.isArray(status['conditions']) ? status['conditions'] as Record<string, unknown>[] : []).filter(({ type }) => type !== 'PodScheduled')
  return { ...pod, spec: { ...pod['spec'] as object, nodeName: node }, status: { ...status, conditions: [...conditions, { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: timestamp(now) }] } }
}

/** Puts a pod on a node, as schedulers do. */
export async function bind (context: Context, route: ResourceRoute, exchange: Exchange): Promise<Answer> {
  const body = await bodyOf(exchange, 'Binding')
  const target = isRecord(body['target']) ? body['target'] : {}
  const node = target['name']
  if (typeof node !== 'string' || node === '' || (target['kind'] !== undefined && target['kind'] !== 'Node')) throw badRequest('target must name a Node')
  find(context, route)
  await adjustObject(context, route, pod => {
    const { nodeName } = pod['spec'] as { nodeName?: string }
    if (nodeName) throw conflict('pods/binding', route.name, `pod ${route.name} is already assigned to node ${JSON.stringify(nodeName)}`)
    return bound(pod, node, context.now())
  })
  return jsonAnswer(201, done)
}
