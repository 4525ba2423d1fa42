import { createServer } from 'node:http'
import t, { type Test } from 'tap'
import { createAuditSink, type AuditEvent } from '../../../core/observe/audit.js'
import type { Kube } from '../../../core/sdk/index.js'
import { customResourceDefinitions } from '../../../schemas/kube/builtin.js'
import { defineKind } from '../../../schemas/kube/object.js'
import { platform } from '../../helpers/platform.js'
import { defaults, silent } from '../../helpers/app.js'
import { until } from '../../helpers/until.js'

/** A webhook that remembers what it was sent. */
async function webhook (t: Test, status = 200) {
  const events: AuditEvent[] = []
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', chunk => { text += String(chunk) }).on('end', () => {
      events.push(...(JSON.parse(text) as { Items: AuditEvent[] }).Items)
      response.writeHead(status).end()
    })
  })
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  t.teardown(() => { server.closeAllConnections(); server.close() })
  return { events, url: `http://127.0.0.1:${(server.address() as { port: number }).port}` }
}

const definition = { metadata: { name: 'webhooks.auditing.kubesphere.io' }, spec: { group: 'auditing.kubesphere.io', scope: 'Cluster', names: { plural: 'webhooks', kind: 'Webhook' }, versions: [{ name: 'v1alpha1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } } }] } }
const webhooks = defineKind('auditing.kubesphere.io/v1alpha1', 'webhooks', 'Webhook')

/** The kind, and the object that asks for events. */
async function asking (kube: Kube): Promise<void> {
  await kube.create(customResourceDefinitions, definition as never)
  await until(() => kube.create(webhooks, { metadata: { name: 'kube-auditing-webhook' }, spec: { auditLevel: 'Metadata' } } as never).then(() => true, () => false), 'the definition')
}

t.test('what passed authorization is told, and nothing else', async t => {
  const { events, url } = await webhook(t)
  const { ask } = await platform(t, config => { Object.assign(config.auditing, { enable: true, webhookUrl: url, eventBatchInterval: 50, eventBatchSize: 100 }) }, asking)
  const path = '/api/v1/namespaces/default/configmaps'
  await ask('', 'GET', path)
  await ask('admin', 'POST', path, { body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'made' }, data: { secret: 'in-the-body' } } })
  await ask('admin', 'GET', '/kapis/iam.kubesphere.io/v1alpha2/users/admin')
  await until(() => events.filter(({ User }) => User.username === 'admin').length >= 2, 'two events')
  const told = events.filter(({ ObjectRef }) => ObjectRef.Resource)
  t.match(told, [
    { Level: 'Metadata', Stage: 'ResponseComplete', Verb: 'create', User: { username: 'admin' }, ObjectRef: { Resource: 'configmaps', Namespace: 'default', APIVersion: 'v1' }, ResponseStatus: { code: 201 } },
    { Verb: 'get', ObjectRef: { Resource: 'users', APIGroup: 'iam.kubesphere.io', Name: 'admin' }, ResponseStatus: { code: 200 } },
  ])
  t.equal(told.length, 2, 'a refused request leaves no event')
  t.notMatch(JSON.stringify(events), 'in-the-body')
  t.notMatch(JSON.stringify(events), /Bearer|\$2[aby]\$/)
})

const event = { Verb: 'get' } as AuditEvent

t.test('a queue that is full drops and counts, a webhook that fails too; nobody waits', async t => {
  const failing = await webhook(t, 500)
  const sink = createAuditSink({ ...defaults().auditing, enable: true, webhookUrl: failing.url, eventBatchSize: 10, eventSendersNum: 1 }, silent)
  for (let i = 0; i < 25; i++) sink.push(event)
  await sink.close()
  t.equal(failing.events.length > 0, true)
  t.ok(sink.dropped >= 10, `${sink.dropped} were not delivered`)
  const full = createAuditSink({ ...defaults().auditing, enable: true, webhookUrl: 'http://127.0.0.1:1', eventBatchSize: 1_000_000 }, silent)
  for (let i = 0; i < 10_050; i++) full.push(event)
  t.equal(full.dropped, 50)
  await full.close()
})
