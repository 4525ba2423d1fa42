import { StatusError, unsupportedMediaType } from '../../core/sdk/index.js'
import { requireJSON } from './accept.js'
import { openid } from './auth/openid.js'
import type { Context } from './context.js'
import { apiGroup, discoveryRoot, resourceList } from './discovery.js'
import { flag, header, jsonAnswer, textAnswer, type Answer, type Exchange } from './exchange.js'
import { createOpenAPI } from './openapi.js'
import { review } from './reviews.js'
import { routeOf, type ResourceRoute } from './route.js'
import { noSuchMethod, noSuchPath } from './status.js'
import { get } from './verbs/get.js'
import { list } from './verbs/list.js'
import { remove, removeCollection } from './verbs/delete.js'
import { patch } from './verbs/patch.js'
import { subresource } from './verbs/subresources.js'
import { create, update } from './verbs/write.js'
import { watch } from './watch.js'

/** Answers every request; what goes wrong is a Status. */
export type Entry = (exchange: Exchange) => Promise<Answer>

const version = {
  major: '1',
  minor: '34',
  gitVersion: 'v1.34.3',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: 'node',
  platform: `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`,
}

type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection'

const handlers: Record<Verb, (context: Context, route: ResourceRoute, exchange: Exchange) => Answer | Promise<Answer>> = {
  get, list, watch, create, update: (c, r, e) => update(c, r, e), patch: (c, r, e) => patch(c, r, e), delete: remove, deletecollection: removeCollection,
}

/** The verb of a request for a kind, or undefined where there is none for its method. */
export function verbOf ({ row, namespace, name, watch }: ResourceRoute, { method, query }: Exchange): Verb | undefined {
  const reads = method === 'GET' || method === 'HEAD'
  if (reads && (watch || (name === '' && flag(query, 'watch')))) return 'watch'
  if (reads) return name ? 'get' : 'list'
  if (watch || (row.namespaced && namespace === '')) return undefined
  if (method === 'POST') return name ? undefined : 'create'
  if (method === 'DELETE') return name ? 'delete' : 'deletecollection'
  return name && method === 'PUT' ? 'update' : name && method === 'PATCH' ? 'patch' : undefined
}

function resource (context: Context, route: ResourceRoute, exchange: Exchange): Answer | Promise<Answer> {
  if (route.subresource) return subresource(context, context.auth.gate.guarded(route, exchange), exchange)
  const verb = verbOf(route, exchange)
  if (!verb || !route.row.verbs.includes(verb)) throw noSuchMethod()
  return route.row.bucket === '' ? review(context, route, exchange) : handlers[verb](context, context.auth.gate.guarded(route, exchange), exchange)
}

const checks = new Set(['healthz', 'livez', 'readyz'])

export function createEntry (context: Context): Entry {
  const openapi = createOpenAPI(context.rows)

  const other = (parts: readonly string[], exchange: Exchange): Answer => {
    const [first = '', second = '', ...rest] = parts
    if (first === 'version' && parts.length === 1) return jsonAnswer(200, version)
    if (checks.has(first)) return textAnswer(200, exchange.query.has('verbose') ? `[+]ping ok\n[+]storage ok\n${first} check passed\n` : 'ok')
    const document = openid(parts, context.auth.tokens)
    if (document) return document
    if (first === 'openapi' && second === 'v2') return openapi.v2(exchange)
    if (first !== 'openapi' || second !== 'v3') throw noSuchPath()
    if (rest.length === 0) return openapi.index()
    if (rest[0] === 'api' && rest.length === 2) return openapi.document('', rest[1] ?? '', exchange)
    if (rest[0] === 'apis' && rest.length === 3 && rest[1]) return openapi.document(rest[1], rest[2] ?? '', exchange)
    throw noSuchPath()
  }

  const dispatch = (asked: Exchange): Answer | Promise<Answer> => {
    const exchange = context.auth.gate.admit(asked)
    const encoding = header(exchange, 'content-encoding')
    if (encoding && encoding !== 'identity') throw unsupportedMediaType(`content encoding ${JSON.stringify(encoding.slice(0, 32))} is not supported - send the body as it is`)
    const route = routeOf(exchange.path, context.rows)
    if (route.kind === 'resource') return resource(context, route, exchange)
    if (exchange.method !== 'GET' && exchange.method !== 'HEAD') throw noSuchMethod()
    if (route.kind !== 'other' || (route.parts[0] === 'openapi' && route.parts[1] !== 'v2')) requireJSON(header(exchange, 'accept'))
    switch (route.kind) {
      case 'versions': return discoveryRoot(context.rows, true, exchange)
      case 'groups': return discoveryRoot(context.rows, false, exchange)
      case 'group': return jsonAnswer(200, apiGroup(context.rows, route.group))
      case 'resources': return jsonAnswer(200, resourceList(context.rows, route.group, route.version))
      case 'other': return other(route.parts, exchange)
    }
  }

  return async exchange => {
    try {
      return await dispatch(exchange)
    } catch (error) {
      return errorAnswer(context, exchange, error)
    }
  }
}

/** The Status of an error; details of what is not for clients go to the log. */
export function errorAnswer ({ log }: Pick<Context, 'log'>, { method, path }: Pick<Exchange, 'method' | 'path'>, error: unknown): Answer {
  if (error instanceof StatusError && error.form === 'text') return textAnswer(error.code, `${error.message}\n`)
  if (error instanceof StatusError) return jsonAnswer(error.code, error.toStatus(), error.headers)
  log.error({ err: error, method, path }, 'a request to the embedded Kubernetes failed')
  const internal = new StatusError({ code: 500, reason: 'InternalError', message: 'Internal error occurred: see the log of the server' })
  return jsonAnswer(500, internal.toStatus())
}
