import { createServer, request as httpRequest, type IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import pino from 'pino'
import type { Test } from 'tap'
import { buildApp, routeUpgrade } from '../../core/app.js'
import { createMetrics } from '../../core/observe/metrics.js'
import { createFrontDoor } from '../../core/request/target.js'
import { createResolver } from '../../core/request/request-info.js'
import { createStreams } from '../../core/request/streams.js'
import { collectGuards, globalResourcesOf } from '../../core/sdk/collect.js'
import { unauthorized, type Access, type Decision, type GroupDefinition, type Grant, type Identity, type Kube, type KubeRequest, type KubeResponse, type KubeTransport, type ObjectGuard, type Services } from '../../core/sdk/index.js'
import { defaultConfig } from '../../config/load.js'
import type { ServerConfig } from '../../config/server.js'
import { fakeKube } from './fake-kube.js'

export const silent = pino({ level: 'silent' })

/** The configuration with every default. */
export const defaults = (): ServerConfig => defaultConfig()

/** An answer of a scripted Kubernetes. */
export const answer = (status: number, body: unknown = {}, headers: KubeResponse['headers'] = { 'content-type': 'application/json' }): KubeResponse =>
  ({ status, headers, body: Readable.from([Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))]) })

export interface Sent extends KubeRequest { text?: string }

/** A Kubernetes that answers as told and remembers what it was asked, bodies read to their end. */
export function scriptedTransport (script: (request: Sent) => KubeResponse | Promise<KubeResponse>, upgrade?: KubeTransport['upgrade']): KubeTransport & { sent: Sent[] } {
  const sent: Sent[] = []
  return {
    sent,
    async send (request) {
      const { body } = request
      const chunks: Buffer[] = []
      if (body instanceof Readable) for await (const chunk of body) chunks.push(Buffer.from(chunk as Buffer))
      const seen: Sent = { ...request, ...(body === undefined ? {} : { text: body instanceof Readable ? Buffer.concat(chunks).toString() : String(body) }) }
      sent.push(seen)
      return script(seen)
    },
    upgrade: upgrade ?? (async () => answer(400, 'no upgrades here', { 'content-type': 'text/plain' })),
    async close () {},
  }
}

/** `Bearer NAME` is NAME, in group system:authenticated; `Bearer NAME,group` adds groups. */
export const namedBearer = {
  authenticate ({ authorization = '' }: { authorization?: string }): Identity {
    if (!authorization.trim()) return { name: 'system:anonymous', groups: ['system:unauthenticated'], by: 'anonymous' }
    const [, text = ''] = /^Bearer (.+)$/.exec(authorization) ?? []
    const [name, ...groups] = text.split(',')
    if (!name) throw unauthorized('Unauthorized: no credentials provided')
    return { name, groups: [...groups, 'system:authenticated'], by: 'bearer' }
  },
}

/** Access decided by a function; `kubernetes` names who is granted everything by Kubernetes' own bindings. */
export function fakeAccess (decide: (name: string) => Grant | undefined, kubernetes: readonly string[] = []): Access {
  const decision = (name: string): Decision => {
    const grant = decide(name)
    return grant ? { allowed: true, grant } : { allowed: false, reason: '' }
  }
  return {
    authorize: ({ user }) => decision(user.name),
    authorizeRBAC: ({ user }) => decision(user.name),
    explain: async ({ user }) => ({ decision: decision(user.name), misses: [] }),
    kubernetesGrant: ({ user }) => kubernetes.includes(user.name) ? { source: 'kubernetes' } : undefined,
    placesOf: () => new Set(),
    workspaceOf: () => '',
  }
}

export interface TestAppOptions {
  groups: readonly GroupDefinition[]
  transport?: KubeTransport
  kube?: Kube
  access?: Access
  guards?: readonly ObjectGuard[]
  services?: Partial<Services>
  config?: ServerConfig
}

/** The whole chain on a loopback port, over fakes; closed by the test. */
export async function testApp (t: Test, options: TestAppOptions) {
  const config = options.config ?? defaults()
  const base = options.kube ?? fakeKube()
  const kube: Kube = options.transport ? { ...base, transport: options.transport } : base
  const globalResources = globalResourcesOf(options.groups)
  const guards = new Map<string, ObjectGuard[]>()
  const streams = createStreams({ perUser: 50, total: 100 }, 20)
  const access = options.access ?? fakeAccess(() => ({ source: 'global' }))
  const resolve = createResolver({ globalResources })
  collectGuards(guards, { guards: options.guards ?? [] })
  const services = { kube, access, guards, streams, resolve, authenticator: namedBearer, server: config, log: silent, ...options.services }
  const groups = await Promise.all(options.groups.map(async definition => ({ definition, parts: await definition.setup({ ...services, config: {} } as never) })))
  for (const { parts } of groups) collectGuards(guards, parts)
  const app = await buildApp({
    config,
    log: silent,
    frontDoor: createFrontDoor({ globalResources, trustedProxies: config.server.trustedProxies }),
    kube,
    authenticator: services.authenticator,
    access,
    guards,
    metrics: createMetrics(),
    audit: undefined,
    limits: { read: 400, write: 200, perUser: 50 },
    groups,
  })
  const server = createServer((request, response) => { app.routing(request, response) })
  server.on('upgrade', (request: IncomingMessage, socket, head) => { routeUpgrade(app, request, socket, head) })
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  const { port } = server.address() as { port: number }
  t.teardown(async () => {
    streams.close()
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
    await app.close()
  })
  return { app, port, streams, ask: client(port) }
}

export interface Reply { status: number, headers: IncomingMessage['headers'], text: string, json: any }

export interface Ask { as?: string, body?: unknown, headers?: Record<string, string | string[]> }

/** Sends a request line byte for byte as given, unlike fetch, which would fold `..` and the like. */
export const client = (port: number) => (method: string, path: string, { as, body, headers = {} }: Ask = {}): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const text = body === undefined ? undefined : typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
    const request = httpRequest({
      host: '127.0.0.1',
      port,
      method,
      path,
      headers: { ...(text !== undefined ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) } : {}), ...(as ? { authorization: `Bearer ${as}` } : {}), ...headers },
    }, response => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject).on('end', () => {
        const answered = Buffer.concat(chunks).toString()
        let json: unknown
        try { json = JSON.parse(answered) } catch {}
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text: answered, json })
      })
    })
    request.on('error', reject)
    request.end(text)
  })
