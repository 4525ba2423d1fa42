import { randomUUID } from 'node:crypto'
import { ServerResponse, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import type { ServerConfig } from '../config/server.js'
import './app-types.js'
import { attachAuthentication, attachAuthorization, type Authenticator, type Guards } from './auth/hooks.js'
import type { Access } from './auth/types.js'
import { attachErrorHandler } from './errors/wire.js'
import { attachMulticluster } from './multicluster.js'
import { attachAudit, type AuditSink } from './observe/audit.js'
import type { Metrics } from './observe/metrics.js'
import { attachMetrics } from './observe/request-metrics.js'
import { attachRequestLog } from './observe/request-log.js'
import { requireJSON } from './request/accept.js'
import { attachRequestInfo, markUpgrade, rewriteUrl, type FrontDoor } from './request/hook.js'
import { attachLimits, type InFlightLimits } from './request/limits.js'
import { attachNotFound } from './request/not-found.js'
import { parseJSON } from './request/json.js'
import type { GroupDefinition, GroupParts, Kube } from './sdk/index.js'

export interface AppOptions {
  config: ServerConfig
  log: Logger
  frontDoor: FrontDoor
  kube: Kube
  authenticator: Authenticator
  access: Access
  guards: Guards
  metrics: Metrics
  audit: AuditSink | undefined
  limits: InFlightLimits
  /** Groups with what their setup made. */
  groups: readonly { definition: GroupDefinition, parts: GroupParts }[]
}

/** A request's way through the server, top to bottom. */
export async function buildApp (options: AppOptions): Promise<FastifyInstance> {
  const { config, log, kube, access, guards } = options
  const app = Fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: logger => logger,                      // what is logged of a request names it (request-log.ts, wire.ts)
    genReqId: () => randomUUID(),
    rewriteUrl: rewriteUrl(options.frontDoor),
    routerOptions: { maxParamLength: 512 },
    bodyLimit: 3 * 1024 * 1024,
    exposeHeadRoutes: false,
    return503OnClosing: false,
  })
  attachErrorHandler(app)
  attachRequestLog(app)
  attachMetrics(app, options.metrics)
  attachRequestInfo(app)                                       // first: all the rest ask what is requested
  attachAuthentication(app, options.authenticator)
  attachLimits(app, options.limits)                            // before any further work: a caller's share is known now
  attachMulticluster(app, kube, config.multicluster.enable)    // before authorization: a member cluster decides for itself
  attachAuthorization(app, access, guards)
  if (options.audit) attachAudit(app, kube, options.audit)     // last, as ks-apiserver: a refused request leaves no event
  attachHandling(app)
  attachNotFound(app)
  for (const { definition, parts } of options.groups) await mount(app, definition, parts)
  await app.ready()
  return app
}

const jsonTypes = ['application/json', 'application/merge-patch+json', 'application/json-patch+json']

/** From here on errors take the form of the group that handles the request; bodies are JSON, within bounds. */
function attachHandling (app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const { info } = request.target
    request.errorForm = request.routeOptions.config?.errorForm ?? (info.isKubernetesRequest ? 'status' : 'text')
    done()
  })
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser(jsonTypes, { parseAs: 'string' }, (_request, body, done) => {
    try { done(null, parseJSON(body as string)) } catch (error) { done(error as Error) }
  })
}

async function mount (app: FastifyInstance, { apiGroup }: GroupDefinition, { versions = {}, root }: GroupParts): Promise<void> {
  for (const [version, routes] of Object.entries(versions)) {
    await app.register(async scope => {
      requireJSON(scope)
      await routes(scope)
    }, { prefix: `/kapis/${apiGroup}/${version}` })
  }
  if (root) await app.register(async scope => { await root(scope) })
}

/** Gives a raw request that asks for an upgrade to the same chain; a handler may take the connection over, any other answer ends it. */
export function routeUpgrade (app: FastifyInstance, raw: IncomingMessage, socket: Duplex, head: Buffer): void {
  const response = new ServerResponse(raw)
  response.assignSocket(socket as Parameters<ServerResponse['assignSocket']>[0])
  response.shouldKeepAlive = false
  response.once('finish', () => { socket.end() })
  markUpgrade(raw, { socket, head })
  app.routing(raw, response)
}
