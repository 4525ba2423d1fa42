import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { Agent, request as send } from 'undici'
import type { ServerConfig } from '../../config/server.js'
import type { Kube } from '../sdk/index.js'
import { defineKind, type KubeObject } from '../../schemas/kube/object.js'

interface AuditWebhook extends KubeObject { spec?: { auditLevel?: string, k8sAuditingEnabled?: boolean } }
const webhooks = defineKind<AuditWebhook>('auditing.kubesphere.io/v1alpha1', 'webhooks', 'Webhook')

const levels = new Set(['Metadata', 'Request', 'RequestResponse'])
const defaultURL = 'https://kube-auditing-webhook-svc.kubesphere-logging-system.svc:6443/audit/webhook/event'

/** The sink's bounds: events waiting, and how long one post may take (ms). */
const bounds = { queue: 10_000, post: 3_000 }

/** An audit event as the auditing webhook of 3.x reads it; keys are capitalised so. */
export interface AuditEvent {
  Devops: string
  Workspace: string
  Cluster: string
  Message: string
  Level: string
  AuditID: string
  Stage: 'ResponseComplete'
  RequestURI: string
  Verb: string
  User: { username: string, groups?: readonly string[], extra?: unknown }
  ImpersonatedUser: null
  SourceIPs: string[]
  UserAgent: string
  ObjectRef: { Resource: string, Namespace: string, Name: string, UID: string, APIGroup: string, APIVersion: string, ResourceVersion: string, Subresource: string }
  ResponseStatus: { metadata: Record<string, never>, code: number }
  RequestObject: null
  ResponseObject: null
  RequestReceivedTimestamp: string
  StageTimestamp: string
  Annotations: null
}

export interface AuditSink {
  /** Never waits and never fails the request; when the queue is full the event is dropped and counted. */
  push (event: AuditEvent): void
  readonly dropped: number
  /** Sends what waits, bounded. */
  close (): Promise<void>
}

type Auditing = ServerConfig['auditing']

/** Posts `{"Items": [event, …]}` in batches. TLS is not verified, as the webhook of 3.x has a certificate of its own making. */
export function createAuditSink (options: Auditing, log: Logger): AuditSink {
  const agent = new Agent({ connect: { rejectUnauthorized: false, timeout: bounds.post } })
  const url = options.webhookUrl || defaultURL
  const size = options.eventBatchSize || 100
  const queue: AuditEvent[] = []
  const posts = new Set<Promise<void>>()
  let dropped = 0

  const post = async (items: AuditEvent[]) => {
    try {
      const { statusCode, body } = await send(url, { method: 'POST', dispatcher: agent, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ Items: items }), headersTimeout: bounds.post, bodyTimeout: bounds.post })
      await body.dump()
      if (statusCode !== 200) throw new Error(`the audit webhook answered ${statusCode}`)
    } catch (error) {
      dropped += items.length
      log.warn({ err: error, events: items.length }, 'audit events could not be delivered')
    }
  }
  const flush = () => {
    while (queue.length > 0 && posts.size < (options.eventSendersNum || 100)) {
      const running: Promise<void> = post(queue.splice(0, size)).finally(() => { posts.delete(running) })
      posts.add(running)
    }
  }
  const timer = setInterval(flush, options.eventBatchInterval || 3_000)
  timer.unref()

  return {
    get dropped () { return dropped },
    push (event) {
      if (queue.length >= bounds.queue) dropped++
      else if (queue.push(event) >= size) flush()
    },
    async close () {
      clearInterval(timer)
      flush()
      await Promise.all(posts)
      await agent.close()
    },
  }
}

const stamp = (ms: number): string => new Date(ms).toISOString().replace('Z', '000Z')

function nameOf ({ target: { info }, body }: FastifyRequest): string {
  const named = (body as { metadata?: { name?: unknown } } | undefined)?.metadata?.name
  return info.verb === 'create' && typeof named === 'string' ? named : info.name
}

function eventOf (request: FastifyRequest, code: number, received: number): AuditEvent {
  const { identity, target: { info, sourceIP, userAgent } } = request
  return {
    Devops: info.devops,
    Workspace: info.workspace,
    Cluster: info.cluster,
    Message: '',
    Level: 'Metadata',
    AuditID: randomUUID(),
    Stage: 'ResponseComplete',
    RequestURI: info.path,
    Verb: info.verb,
    User: { username: identity.name, groups: identity.groups, ...(identity.extra ? { extra: identity.extra } : {}) },
    ImpersonatedUser: null,
    SourceIPs: [sourceIP],
    UserAgent: userAgent,
    ObjectRef: { Resource: info.resource, Namespace: info.namespace, Name: nameOf(request), UID: '', APIGroup: info.apiGroup, APIVersion: info.apiVersion, ResourceVersion: info.resourceScope, Subresource: info.subresource },
    ResponseStatus: { metadata: {}, code },
    RequestObject: null,
    ResponseObject: null,
    RequestReceivedTimestamp: stamp(received),
    StageTimestamp: stamp(Date.now()),
    Annotations: null,
  }
}

/** Records what passed authorization, while the Webhook object `kube-auditing-webhook` asks for it. Refused requests leave no event, as in 3.x. */
export function attachAudit (app: FastifyInstance, kube: Kube, sink: AuditSink): void {
  const store = kube.store(webhooks)
  const received = new WeakMap<object, number>()
  app.addHook('onRequest', (request, _reply, done) => {
    const spec = store.get('kube-auditing-webhook')?.spec
    const { info: { isKubernetesRequest }, query } = request.target
    const skipped = isKubernetesRequest && (spec?.k8sAuditingEnabled === true || query.has('dryRun'))
    if (spec !== undefined && levels.has(spec.auditLevel ?? '') && !skipped) received.set(request, Date.now())
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    const at = received.get(request)
    if (at !== undefined) sink.push(eventOf(request, reply.statusCode, at))
    done()
  })
}
