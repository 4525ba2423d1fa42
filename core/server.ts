import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Logger } from 'pino'
import type { ServerConfig } from '../config/server.js'
import { createAccess } from './auth/access.js'
import { createAuthentication } from './auth/authentication.js'
import { createPasswords } from './auth/bcrypt.js'
import { buildApp, routeUpgrade } from './app.js'
import { applySeeds } from './kube/seed.js'
import { createWebhookReport } from './kube/webhook-report.js'
import { hostCluster } from './multicluster.js'
import { createAuditSink } from './observe/audit.js'
import type { Health } from './observe/health.js'
import { createMetrics } from './observe/metrics.js'
import { linesOf } from './reconcile/report.js'
import { runReconcilers } from './reconcile/runner.js'
import { createResolver } from './request/request-info.js'
import { createStreams } from './request/streams.js'
import { createFrontDoor } from './request/target.js'
import { createMetering } from './services/metering/index.js'
import { createMonitoring } from './services/monitoring/index.js'
import { createPrometheus } from './services/prometheus/index.js'
import { collectGuards, globalResourcesOf, openPathsOf } from './sdk/collect.js'
import type { GroupDefinition, GroupParts, Kube, ObjectGuard, Services } from './sdk/index.js'

export interface ServerOptions {
  /** The whole configuration, sections of groups included. */
  config: ServerConfig
  groups: readonly GroupDefinition[]
  kube: Kube
  log: Logger
}

/** Everything behind the listeners: one configuration's worth of the server. A reload makes a new one beside the old. */
export interface Server {
  handle (request: IncomingMessage, response: ServerResponse): void
  upgrade (request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Lines for the person who starts the server, from the groups. */
  readonly notices: readonly string[]
  /** Turns /readyz off; everything else goes on. */
  drain (): void
  /** Ends reconcilers, watches of clients and what the groups opened; open requests end first, bounded by `timeoutMs`. The Kubernetes client is the caller's. */
  close (timeoutMs: number): Promise<void>
}

/** How long the start waits for the first lists, and for what reconcilers owe the seeds, before it serves all the same (ms). */
const patience = { sync: 5_000, reconcile: 10_000 }

const bounded = async (promise: Promise<unknown>, ms: number): Promise<boolean> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>(resolve => { timer = setTimeout(resolve, ms, false) })
  return Promise.race([promise.then(() => true), late]).finally(() => { clearTimeout(timer) })
}

type Mounted = { definition: GroupDefinition, parts: GroupParts }

async function setUp (definition: GroupDefinition, services: Services): Promise<Mounted> {
  const needs: Partial<Record<keyof Services, unknown>> = {}
  for (const name of definition.needs) {
    if (services[name] === undefined) throw new Error(`group ${definition.name} needs ${name}: no such service is registered`)
    needs[name] = services[name]
  }
  const sections = Object.keys(definition.config?.properties ?? {})
  const config = Object.fromEntries(sections.map(section => [section, (services.server as Record<string, unknown>)[section]]))
  return { definition, parts: await definition.setup({ ...needs, config } as never) }
}

/** Builds the server; everything that it opens is closed by `close`. A Kubernetes that cannot be reached does not stop it. */
export async function createServer ({ config, groups: definitions, kube, log }: ServerOptions): Promise<Server> {
  const globalResources = globalResourcesOf(definitions)
  const trustedProxies = config.server.trustedProxies
  const guards = new Map<string, ObjectGuard[]>()
  const health: Health = { checks: new Map(), draining: false }
  const metrics = createMetrics()
  const streams = createStreams(config.server.limits.streams)
  const passwords = createPasswords()
  const access = createAccess({ kube, mode: config.authorization.mode as 'RBAC', openPaths: openPathsOf(definitions), globalResources, log })
  const authentication = createAuthentication({ kube, passwords, config, log })
  const prometheus = createPrometheus({ endpoint: config.monitoring.endpoint, setting: 'monitoring.endpoint', registry: metrics.registry })
  const monitoring = createMonitoring({ kube, prometheus })
  const { billing: { priceInfo: prices }, retentionDay } = config.metering
  const metering = createMetering({ kube, monitoring, prices, retentionDay })
  const services: Services = { kube, access, passwords, authentication, authenticator: authentication, guards, streams, health, metrics, prometheus, monitoring, metering, resolve: createResolver({ globalResources }), server: config, log }

  const groups = await Promise.all(definitions.map(definition => setUp(definition, services)))
  for (const { parts } of groups) {
    collectGuards(guards, parts)
    for (const [name, check] of Object.entries(parts.checks ?? {})) health.checks.set(name, check)
  }

  // Before the first write: one that was left behind may refuse it.
  const webhooks = createWebhookReport({ kube, log })
  health.checks.set('webhooks', webhooks.lines)
  if (config.bootstrap) await applySeeds(kube, definitions.flatMap(({ seed }) => seed ? [seed] : []), { log })
  const synced = await bounded(Promise.all([access.ready(), authentication.ready()]), patience.sync)
  if (!synced) log.warn('the Kubernetes API has not been read yet: requests are refused until it has')
  const notices = await Promise.all(groups.map(async ({ parts }) => await parts.start?.() ?? []))
  const reconcilers = config.roles.includes('reconcile') ? runReconcilers({ kube, reconcilers: groups.flatMap(({ parts }) => parts.reconcilers ?? []), log }) : undefined
  if (reconcilers) health.checks.set('reconcilers', () => linesOf(reconcilers.status()))
  webhooks.follow()
  if (reconcilers && synced) await bounded(reconcilers.ready().then(() => reconcilers.idle()), patience.reconcile)

  const audit = config.auditing.enable ? createAuditSink(config.auditing, log) : undefined
  const frontDoor = createFrontDoor({ globalResources, trustedProxies, ...(config.multicluster.enable ? { isHostCluster: hostCluster(kube) } : {}) })
  const app = await buildApp({ config, log, frontDoor, kube, authenticator: authentication, access, guards, metrics, audit, limits: config.server.limits.inFlight, groups })

  return {
    notices: notices.flat(),
    handle: (request, response) => { app.routing(request, response) },
    upgrade: (request, socket, head) => { routeUpgrade(app, request, socket, head) },
    drain: () => { health.draining = true },
    async close (timeoutMs) {
      health.draining = true
      webhooks.close()
      await reconcilers?.close()
      streams.close()
      await bounded(app.close(), timeoutMs)
      await Promise.all(groups.map(({ parts }) => parts.close?.()))
      await audit?.close()
      await prometheus.close()
      await authentication.close()
    },
  } satisfies Server
}
