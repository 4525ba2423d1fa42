import { badRequest, conflict, invalid, isRecord, notFound, type KubeObject } from '../../../core/sdk/index.js'
import { parseBody } from '../body.js'
import { timestamp, type Context } from '../context.js'
import { header, jsonAnswer, type Answer, type Exchange } from '../exchange.js'
import { textAt } from '../kinds/cells.js'
import type { KindRow } from '../kinds/types.js'
import { asDraft, invalidValue } from '../metadata.js'
import type { ResourceRoute } from '../route.js'
import { find } from '../verbs/get.js'
import { writeOptions } from '../verbs/options.js'
import { fields, list, natural, text } from './fields.js'
import { issuer, type Reference, type TokenOrder, type Tokens } from './tokens.js'

const group = 'authentication.k8s.io'
const kind = 'TokenRequest'
/** A TokenRequest is read like an object of a kind of its own. */
const requestRow = (row: KindRow): KindRow => ({ ...row, group, version: 'v1', resource: 'tokenrequests', kind, storageVersion: `${group}/v1` })

const shortest = 600
const longest = 2 ** 32

function lifetimeOf (seconds: number): number {
  const why = seconds < shortest ? 'may not specify a duration less than 10 minutes' : seconds > longest ? 'may not specify a duration larger than 2^32 seconds' : undefined
  if (why) throw invalid(`${kind}.${group}`, '', [invalidValue('spec.expirationSeconds', seconds, why)])
  return seconds
}

const resources: Readonly<Record<Reference['kind'], string>> = { Pod: 'pods', Secret: 'secrets', Node: 'nodes' }
const isBindable = (kind: string): kind is Reference['kind'] => Object.hasOwn(resources, kind)

function boundTo (tokens: Tokens, account: KubeObject, ref: Record<string, unknown>): Pick<TokenOrder, 'bound' | 'node'> {
  const [kind, name, uid, apiVersion] = [text(ref, 'kind'), text(ref, 'name'), text(ref, 'uid'), text(ref, 'apiVersion')]
  if (!isBindable(kind) || apiVersion !== 'v1') throw badRequest(`cannot bind token to object of type ${apiVersion}, Kind=${kind}`)
  const resource = resources[kind]
  const object = tokens.find(resource, kind === 'Node' ? '' : account.metadata.namespace ?? '', name)
  if (!object) throw notFound(resource, name)
  if (kind === 'Pod' && textAt(object, 'spec.serviceAccountName') !== account.metadata.name) throw badRequest(`cannot bind token for serviceaccount ${JSON.stringify(account.metadata.name)} to pod running with different serviceaccount name.`)
  if (uid && uid !== object.metadata.uid) throw conflict(kind, name, `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`)
  return { bound: { kind, name, uid: object.metadata.uid ?? '' }, ...nodeOf(tokens, kind === 'Pod' ? textAt(object, 'spec.nodeName') : '') }
}

function nodeOf (tokens: Tokens, name: string): Pick<TokenOrder, 'node'> {
  if (!name) return {}
  const uid = tokens.find('nodes', '', name)?.metadata.uid
  return { node: { name, ...(uid ? { uid } : {}) } }
}

/** `POST serviceaccounts/NAME/token`. */
export async function requestToken (context: Context, route: ResourceRoute, exchange: Exchange): Promise<Answer> {
  const { name, namespace, row } = route
  const { dryRun } = writeOptions(exchange, 'CreateOptions')
  const draft = asDraft(requestRow(row), parseBody(await exchange.body(), header(exchange, 'content-type'), kind))
  if (draft.metadata.name && draft.metadata.name !== name) throw badRequest('the name in the object does not match the name on the URL')
  if (draft.metadata.namespace && draft.metadata.namespace !== namespace) throw badRequest('the namespace in the object does not match the namespace on the URL')
  const spec = fields(draft, 'spec')
  const account = find(context, route).object
  const lifetime = lifetimeOf(natural(spec, 'expirationSeconds') ?? 3600)
  const audiences = list(spec, 'audiences')
  const ref = spec['boundObjectRef']
  const order = { lifetime, audiences: audiences.length ? audiences : [issuer], ...(isRecord(ref) ? boundTo(context.auth.tokens, account, ref) : {}) }
  const { token, expires } = context.auth.tokens.issue(account, order)
  return jsonAnswer(201, {
    kind,
    apiVersion: `${group}/v1`,
    metadata: { name, namespace, creationTimestamp: timestamp(context.now()) },
    spec: { audiences: order.audiences, expirationSeconds: lifetime, boundObjectRef: isRecord(ref) ? ref : null },
    status: { token: dryRun ? '' : token, expirationTimestamp: timestamp(expires) },
  })
}
