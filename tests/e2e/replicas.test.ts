import t, { type Test } from 'tap'
import type { KubeTransport } from '../../core/sdk/index.js'
import type { ServerConfig } from '../../config/server.js'
import { globalRoleBindings } from '../../schemas/iam/v1alpha2.js'
import { client } from '../helpers/app.js'
import { platform, serveOn } from '../helpers/platform.js'
import { globalRole, iam, user } from '../plugins/iam/cast.js'

const tenant = '/kapis/tenant.kubesphere.io/v1alpha2'
/** How long is waited for another replica (ms); what it took is told. */
const patience = 30_000

/** A second server with caches of its own on the same Kubernetes; as a replica has it, the platform's controllers rest there. */
const replica = async (t: Test, config: ServerConfig, transport: KubeTransport) => client((await serveOn(t, { ...config, roles: ['api'] }, transport)).port)

t.test('a change of who may do what counts at once here, and soon on every other replica', { timeout: 120_000 }, async t => {
  let config: ServerConfig | undefined
  const here = await platform(t, given => { config = given })
  const there = await replica(t, config!, here.kube.transport)
  for (const name of ['alice', 'carol']) t.equal((await here.ask('admin', 'POST', `${iam}/users`, { body: user(name) })).status, 200)
  const token = (await here.login('carol')).json.access_token as string
  const write = async (who: string, method: string, path: string, body?: unknown) => {
    const { status, json, text } = await here.ask(who, method, path, body === undefined ? {} : { body })
    t.equal(status, 200, `${who} ${method} ${path} ${text.slice(0, 200)}`)
    return json
  }
  await write('admin', 'POST', `${tenant}/workspaces`, { metadata: { name: 'ws-a' }, spec: { template: { spec: { manager: 'alice' } } } })
  await write('alice', 'POST', `${tenant}/workspaces/ws-a/namespaces`, { metadata: { name: 'ns-a' } })
  const { metadata: { name: group } } = await write('alice', 'POST', `${iam}/workspaces/ws-a/groups`, { metadata: { generateName: 'team' } })
  await write('alice', 'POST', `${iam}/workspaces/ws-a/workspacerolebindings`, [{ subjects: [{ kind: 'Group', name: group }], roleRef: { name: 'ws-a-viewer' } }])

  const [members, pods, workspace, people] = [`${iam}/workspaces/ws-a/workspacemembers`, '/api/v1/namespaces/ns-a/pods', `${tenant}/workspaces/ws-a`, `${iam}/users/alice`]
  const facts: { what: string, change: [string, string, string, unknown?], asked: string, status: number, late?: true }[] = [
    { what: 'a member of a workspace', change: ['alice', 'POST', members, [{ username: 'carol', roleRef: 'ws-a-viewer' }]], asked: members, status: 200 },
    { what: 'another role there', change: ['alice', 'PUT', `${members}/carol`, { username: 'carol', roleRef: 'ws-a-regular' }], asked: `${iam}/workspaces/ws-a/groups`, status: 403 },
    { what: 'no member any more', change: ['alice', 'DELETE', `${members}/carol`], asked: workspace, status: 404 },
    { what: 'a member of a project', change: ['alice', 'POST', `${iam}/namespaces/ns-a/members`, [{ username: 'carol', roleRef: 'viewer' }]], asked: pods, status: 200 },
    { what: 'none any more', change: ['alice', 'DELETE', `${iam}/namespaces/ns-a/members/carol`], asked: pods, status: 403 },
    // Members of groups are written down by a reconciler.
    { what: 'into a group', change: ['alice', 'POST', `${iam}/workspaces/ws-a/groupbindings`, [{ userName: 'carol', groupName: group }]], asked: members, status: 200, late: true },
    { what: 'a role of the platform', change: ['admin', 'PUT', `${iam}/users/carol`, { metadata: { annotations: { [globalRole]: 'platform-admin' } } }], asked: people, status: 200 },
    { what: 'an account that is disabled', change: ['admin', 'PUT', `${iam}/users/carol`, { status: { state: 'Disabled' } }], asked: people, status: 401 },
  ]
  /** An account is written as a whole, anew where a reconciler was faster. */
  async function changed (change: any): Promise<void> {
    for (;;) {
      const { metadata, spec, status } = await write('admin', 'GET', `${iam}/users/carol`)
      const body = { spec, metadata: { ...metadata, annotations: { ...metadata.annotations, ...change.metadata?.annotations } }, status: { ...status, ...change.status } }
      const reply = await here.ask('admin', 'PUT', `${iam}/users/carol`, { body })
      if (reply.status === 200) return
      if (reply.status !== 409) throw new Error(reply.text)
    }
  }
  for (const { what, change: [who, method, path, body], asked, status, late } of facts) {
    t.not((await there('GET', asked, { as: token })).status, status, `${what}: not yet`)
    if (path.endsWith('/users/carol')) await changed(body); else await write(who, method, path, body)
    const began = performance.now()
    if (!late) t.equal((await here.raw('GET', asked, { as: token })).status, status, `${what}: here, at the next request`)
    let seen = 0
    do seen = (await there('GET', asked, { as: token })).status
    while (seen !== status && performance.now() - began < patience)
    t.equal(seen, status, `${what}: there, after ${(performance.now() - began).toFixed(0)} ms`)
  }
})

t.test('an account that two replicas make at once has the role that it was made with', { timeout: 120_000 }, async t => {
  let config: ServerConfig | undefined
  const here = await platform(t, given => { config = given })
  const there = await replica(t, config!, here.kube.transport)
  const as = (await here.login('admin')).json.access_token as string
  const asked = ['platform-regular', 'platform-self-provisioner', 'platform-regular', 'platform-regular']
  for (let round = 0; round < 40; round++) {
    const name = `max-${round}`
    const replies = await Promise.all(asked.map((role, i) => (i % 2 ? here.raw : there)('POST', `${iam}/users`, { as, body: user(name, { role, spec: { email: `${name}.${i}@example.com` } }) })))
    t.strictSame(replies.map(({ status }) => status).sort(), [200, 409, 409, 409], replies.map(({ text }) => text).join(' '))
    const { items } = await here.kube.list(globalRoleBindings, { labelSelector: `iam.kubesphere.io/user-ref=${name}` })
    t.strictSame(items.map(({ roleRef }) => roleRef.name), [asked[replies.findIndex(({ status }) => status === 200)]], name)
  }
})
