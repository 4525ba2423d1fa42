import t, { type Test } from 'tap'
import type { ServerConfig } from '../../../config/server.js'
import type { ImportConfig } from '../../../plugins/monitoring-dashboard/config.js'
import { password, platform } from '../../helpers/platform.js'
import { webServer } from '../../helpers/web-server.js'

const base = '/kapis/monitoring.kubesphere.io/v1alpha3'
const stored = '/apis/monitoring.kubesphere.io'
const cluster = (name: string) => `${base}/clusterdashboards/${name}/template`
const inProject = (name: string, namespace = 'ns-a') => `${base}/namespaces/${namespace}/dashboards/${name}/template`
const step5 = 'could parse input: could not unmarshall dashboard: '

const content = (dashboard: unknown) => ({ grafanaDashboardContent: typeof dashboard === 'string' ? dashboard : JSON.stringify(dashboard) })
const demo = { title: 'Demo', panels: [{ type: 'graph', id: 1, targets: [{ expr: 'up' }] }, { type: 'stat', id: 2, title: 'S' }] }
const user = (name: string) => ({ apiVersion: 'iam.kubesphere.io/v1alpha2', kind: 'User', metadata: { name, annotations: { 'iam.kubesphere.io/globalrole': 'platform-regular' } }, spec: { email: `${name}@example.com`, password } })

type Platform = Awaited<ReturnType<typeof platform>>

/** alice is admin of workspace ws-a and made ns-a in it; olga and vera are operator and viewer of ns-a, carol is nothing anywhere. */
async function cast ({ ask }: Platform): Promise<void> {
  const made = async (who: string, path: string, body: unknown) => {
    const { status, text } = await ask(who, 'POST', path, { body })
    if (status >= 300) throw new Error(`${who} ${path}: ${status} ${text}`)
  }
  const [iam, tenant] = ['/kapis/iam.kubesphere.io/v1alpha2', '/kapis/tenant.kubesphere.io/v1alpha2']
  for (const name of ['alice', 'olga', 'vera', 'carol']) await made('admin', `${iam}/users`, user(name))
  await made('admin', `${tenant}/workspaces`, { metadata: { name: 'ws-a' }, spec: { template: { spec: { manager: 'alice' } } } })
  await made('alice', `${iam}/workspaces/ws-a/workspacemembers`, [{ username: 'olga', roleRef: 'ws-a-regular' }, { username: 'vera', roleRef: 'ws-a-regular' }])
  await made('alice', `${tenant}/workspaces/ws-a/namespaces`, { metadata: { name: 'ns-a' } })
  await made('alice', `${iam}/namespaces/ns-a/members`, [{ username: 'olga', roleRef: 'operator' }, { username: 'vera', roleRef: 'viewer' }])
}

const configure = (change: Partial<ImportConfig>) => (config: ServerConfig): void => { Object.assign((config as ServerConfig & { dashboards: ImportConfig }).dashboards, change) }

async function facts (t: Test, { ask }: Platform, rows: readonly (readonly [string, string, string, unknown, number, (string | RegExp)?, Record<string, string>?])[]): Promise<void> {
  for (const [what, who, path, body, status, text, headers] of rows) {
    const reply = await ask(who, 'POST', path, { ...(body === undefined ? {} : { body }), ...(headers ? { headers } : {}) })
    t.equal(reply.status, status, `${what}: ${reply.text.slice(0, 200)}`)
    if (typeof text === 'string') t.equal(reply.text, `${text}\n`, what)
    else if (text) t.match(reply.text, text, what)
    if (status === 400) t.match(reply.headers, { 'content-type': /^text\/plain/, 'x-content-type-options': 'nosniff' }, what)
  }
}

t.test('a dashboard is imported by its content', { timeout: 120_000 }, async t => {
  const server = await platform(t)
  const { ask } = server
  await cast(server)

  await t.test('what is made', async t => {
    const made = await ask('admin', 'POST', cluster('demo'), { body: { ...content(demo), description: 'mine', namespace: 'kube-system', name: 'other', grafanaDashboardName: 'other' } })
    t.equal(made.status, 200, made.text)
    t.match(made.headers, { 'content-type': /^application\/json/, warning: '299 - "panel 2 \\"S\\" is left out: stat has no counterpart"' })
    t.match(made.json, { apiVersion: 'monitoring.kubesphere.io/v1alpha2', kind: 'ClusterDashboard', metadata: { name: 'demo', uid: /.{36}/, resourceVersion: /\d+/, annotations: { 'kubesphere.io/description': 'mine' } } })
    t.notOk(made.json.metadata.namespace)
    const graph = { id: 1, type: 'graph', colors: ['#60acfc', '#23c2db', '#64d5b2', '#d5ec5a', '#ffb64e', '#fb816d', '#d15c7f'], legend: ['hide'], targets: [{ refId: 1, expr: 'up' }] }
    t.same(made.json.spec, { title: 'Demo', time: {}, panels: [graph] }, 'an axis that says nothing is not shown')
    t.same((await ask('admin', 'GET', `${stored}/v1alpha2/clusterdashboards/demo`)).json.spec.panels, [{ ...graph, xaxis: {} }], 'but stored')

    const own = await ask('olga', 'POST', inProject('demo'), { body: content({ panels: [{ type: 'singlestat' }, { type: 'singlestat', valueName: 'avg' }, { type: 'graph', lines: true }] }) })
    t.equal(own.status, 200, own.text)
    t.match(own.json, { kind: 'Dashboard', metadata: { name: 'demo', namespace: 'ns-a', annotations: { 'kubesphere.io/description': '' } } })
    t.same(own.json.spec.panels.map(({ gauge, xaxis }: Record<string, unknown>) => [gauge, xaxis]), [[undefined, undefined], [{}, undefined], [undefined, {}]])
    t.notOk(own.headers.warning)
    t.equal((await ask('admin', 'POST', cluster('empty'), { body: content('null') })).json.spec.panels, undefined)
  })

  await t.test('what is refused, step by step', async t => {
    const both = 'the requested parameter grafanaDashboardUrl and grafanaDashboardContent cannot be empty at the same time'
    await facts(t, server, [
      ['no body', 'admin', cluster('x'), undefined, 400, 'EOF'],
      ['an empty body', 'admin', cluster('x'), '', 400, 'EOF'],
      ['text', 'admin', cluster('x'), '{}', 400, '[ServiceError:400] Unable to unmarshal content of type:text/plain', { 'content-type': 'text/plain' }],
      ['a form', 'admin', cluster('x'), 'a=b', 400, /Unable to unmarshal content of type:application\/x-www-form-urlencoded/, { 'content-type': 'application/x-www-form-urlencoded' }],
      ['broken JSON', 'admin', cluster('x'), '{"a', 400, /^the body is not JSON/],
      ['a list', 'admin', cluster('x'), [], 400, 'the body must be one JSON object'],
      ['a number for a content', 'admin', cluster('x'), { grafanaDashboardContent: 1 }, 400, 'grafanaDashboardContent must be a text'],
      ['an object for a content', 'admin', cluster('x'), { grafanaDashboardContent: demo }, 400, 'grafanaDashboardContent must be a text'],
      ['a list for a description', 'admin', cluster('x'), { ...content({}), description: [] }, 400, 'description must be a text'],
      ['neither', 'admin', cluster('x'), {}, 400, both],
      ['null', 'admin', cluster('x'), 'null', 400, both],
      ['both empty', 'admin', cluster('x'), { grafanaDashboardUrl: '', grafanaDashboardContent: null }, 400, both],
      ['the address wins', 'admin', cluster('x'), { grafanaDashboardUrl: 'x', ...content({}) }, 400, 'parse "x": invalid URI for request'],
      ['an address with markup', 'admin', cluster('x'), { grafanaDashboardUrl: '<b>"&' }, 400, 'parse "&lt;b&gt;"&amp;": invalid URI for request'],
      ['an address inside', 'admin', cluster('x'), { grafanaDashboardUrl: `http://127.0.0.1:${server.port}/` }, 400, 'the address of the dashboard is not allowed or cannot be found'],
      ['a page', 'admin', cluster('x'), content('<html>secret</html>'), 400, `${step5}it is not JSON`],
      ['a list for a dashboard', 'admin', cluster('x'), content('[]'), 400, `${step5}it is not a JSON object`],
      ['a prototype', 'admin', cluster('x'), content('{"__proto__":{}}'), 400, `${step5}the key "__proto__" is not allowed in a body`],
      ['a number out of range', 'admin', cluster('x'), content('{"a":1e400}'), 400, `${step5}a number is out of range`],
      ['nesting', 'admin', cluster('x'), content('['.repeat(100_000)), 400, `${step5}it is nested deeper than 64 levels`],
      ['too many panels', 'admin', cluster('x'), content({ panels: Array(2001).fill({}) }), 400, `${step5}it has more than 2000 panels`],
      ['more than can be stored', 'admin', cluster('x'), content({ title: 'x'.repeat(1_500_000) }), 400, `${step5}it is too large to be stored`],
      ['more than can be sent', 'admin', cluster('x'), content({ title: 'x'.repeat(3_200_000) }), 413],
      ['a name that is taken', 'admin', cluster('demo'), content({}), 400, 'dashboards with the same name already exists.'],
      ['a name that is taken in a project', 'olga', inProject('demo'), content({}), 400, 'dashboards with the same name already exists.'],
      ['an unreadable one first', 'admin', cluster('demo'), content('x'), 400, `${step5}it is not JSON`],
      ['a bad name', 'admin', cluster('Bad_Name'), content({}), 400, /^ClusterDashboard.monitoring.kubesphere.io "Bad_Name" is invalid: metadata.name/],
      ['a project that is missing', 'admin', inProject('x', 'gone'), content({}), 400, 'namespaces "gone" not found'],
      ['a letter case of its own', 'admin', cluster('case'), { GRAFANADASHBOARDCONTENT: '{}' }, 200],
    ])
    t.equal((await ask('admin', 'GET', `${stored}/v1alpha2/clusterdashboards/x`)).status, 404, 'nothing was made')
    for (const name of ['', '.', '..', 'a%2Fb', '%2e%2e']) t.equal((await ask('admin', 'POST', cluster(name), { body: content({}) })).status, 400, `the name "${name}"`)
    const raced = await Promise.all(Array.from({ length: 4 }, () => ask('admin', 'POST', cluster('race'), { body: content({}) })))
    t.same(raced.map(({ status }) => status).sort(), [200, 400, 400, 400])
  })

  await t.test('who may', async t => {
    const may = (who: string, path: string, status: number) => [`${who || 'nobody'} ${path}`, who, path, content({}), status] as const
    await facts(t, server, [
      may('admin', inProject('by-admin'), 200), may('alice', inProject('by-alice'), 200), may('olga', inProject('by-olga'), 200),
      may('vera', inProject('by-vera'), 403), may('carol', inProject('by-carol'), 403), may('', inProject('by-nobody'), 403),
      may('alice', cluster('by-alice'), 403), may('olga', cluster('by-olga'), 403), may('carol', cluster('by-carol'), 403), may('', cluster('by-nobody'), 403),
      may('alice', inProject('by-alice', 'default'), 403), may('olga', inProject('by-olga', 'kube-system'), 403), may('alice', inProject('by-alice', 'gone'), 403),
    ])
    const { json } = await ask('alice', 'GET', `${stored}/v1alpha2/namespaces/ns-a/dashboards`)
    t.same(json.items.map(({ metadata: { name } }: { metadata: { name: string } }) => name), ['by-admin', 'by-alice', 'by-olga', 'demo'])
    t.equal((await ask('admin', 'GET', cluster('demo'))).status, 405, 'only a POST imports')
    t.equal((await ask('admin', 'POST', `${base}/namespaces/ns-a/clusterdashboards/x/template`, { body: content({}) })).status, 404)
  })

  await t.test('the kinds', async t => {
    const old = await ask('admin', 'GET', `${stored}/v1alpha1/namespaces/ns-a/dashboards/demo`)
    t.match(old.json, { apiVersion: 'monitoring.kubesphere.io/v1alpha1', spec: { panels: [{ type: 'singlestat', decimals: 0 }, {}, { type: 'graph', lines: true }] } })
    const spec = { title: 'T', datasource: 'prometheus', refresh: '5s', time: { from: 'now-30m', to: 'now' }, panels: [{ type: 'row', title: 'R', unknown: 1 }, { type: 'graph', height: '', decimals: 0, yaxes: [{ format: 'Byte', max: 1 }] }], templatings: [{ name: 'v', query: 'q', hide: 1, refresh: 1 }] }
    const pruned = { title: 'T', time: { from: 'now-30m', to: 'now' }, panels: [{ type: 'row', title: 'R' }, { type: 'graph', height: '', decimals: 0, yaxes: [{ format: 'Byte' }] }], templatings: [{ name: 'v', query: 'q', hide: 1 }] }
    const made = await ask('olga', 'POST', `${stored}/v1alpha2/namespaces/ns-a/dashboards`, { body: { apiVersion: 'monitoring.kubesphere.io/v1alpha2', kind: 'Dashboard', metadata: { name: 'by-hand' }, spec, status: { a: 1 } } })
    t.equal(made.status, 201, made.text)
    t.same(made.json.spec, pruned)
    t.notOk(made.json.status)
    t.equal((await ask('olga', 'GET', `${stored}/v1alpha2/namespaces/ns-a/dashboards/by-hand/status`)).status, 200)
    const wrong = await ask('olga', 'POST', `${stored}/v1alpha2/namespaces/ns-a/dashboards`, { body: { apiVersion: 'monitoring.kubesphere.io/v1alpha2', kind: 'Dashboard', metadata: { name: 'wrong' }, spec: { panels: [{ decimals: '1', targets: {} }] } } })
    t.equal(wrong.status, 422)
    t.match(wrong.text, /spec.panels\[0\].decimals.*spec.panels\[0\].targets|spec.panels\[0\].targets.*spec.panels\[0\].decimals/)
    const typeless = await ask('admin', 'POST', `${stored}/v1alpha1/clusterdashboards`, { body: { apiVersion: 'monitoring.kubesphere.io/v1alpha1', kind: 'ClusterDashboard', metadata: { name: 'typeless' }, spec: { panels: [{ title: 'x' }] } } })
    t.match([typeless.status, typeless.text], [422, /spec.panels\[0\].type/], 'v1alpha1 requires the type of a panel')
  })
})

t.test('a dashboard is imported from an address', { timeout: 120_000 }, async t => {
  const web = await webServer(t, ({ url: { pathname } }) => ({
    '/demo.json': { body: demo },
    '/moved': { status: 302, headers: { location: '/demo.json' } },
    '/inside': { status: 302, headers: { location: 'http://localhost:1/' } },
    '/page': { type: 'text/html', body: '<html></html>' },
    '/broken': { body: '{"secret":"s3cr3t"' },
    '/gone': { status: 404, body: demo },
    '/large': { body: { title: 'x'.repeat(5 * 1024 * 1024) } },
  })[pathname] ?? { status: 500 })
  const server = await platform(t, configure({ allowedHosts: [`127.0.0.1:${web.port}`] }))
  const from = (path: string) => ({ grafanaDashboardUrl: `${web.base}${path}` })
  await facts(t, server, [
    ['a dashboard', 'admin', cluster('a'), { ...from('/demo.json'), grafanaDashboardContent: 'not looked at' }, 200, /"title":"Demo"/],
    ['a redirect', 'admin', cluster('b'), from('/moved'), 200, /"title":"Demo"/],
    ['a redirect to the inside', 'admin', cluster('c'), from('/inside'), 400, 'the address of the dashboard is not allowed or cannot be found'],
    ['another port', 'admin', cluster('c'), { grafanaDashboardUrl: `http://127.0.0.1:${server.port}/healthz` }, 400, 'the address of the dashboard is not allowed or cannot be found'],
    ['a page', 'admin', cluster('c'), from('/page'), 400, 'the address of the dashboard answered with something that is not JSON'],
    ['a broken one', 'admin', cluster('c'), from('/broken'), 400, `${step5}it is not JSON`],
    ['none', 'admin', cluster('c'), from('/gone'), 400, 'the address of the dashboard answered with status 404'],
    ['a large one', 'admin', cluster('c'), from('/large'), 400, 'the dashboard is too large'],
    ['a scheme', 'admin', cluster('c'), { grafanaDashboardUrl: 'ftp://a/b' }, 400, 'Get "ftp://a/b": unsupported protocol scheme "ftp"'],
  ])
  const asked = web.asked.length
  t.equal((await server.ask('', 'POST', cluster('d'), { body: from('/demo.json') })).status, 403)
  t.equal(web.asked.length, asked, 'nothing is downloaded for who may not')
  for (const { headers } of web.asked) t.notOk(headers.authorization ?? headers.cookie)
})

t.test('addresses can be turned off', { timeout: 60_000 }, async t => {
  const server = await platform(t, configure({ importFromURL: false }))
  await facts(t, server, [
    ['an address', 'admin', cluster('a'), { grafanaDashboardUrl: 'https://example.com/x', ...content({}) }, 400, 'importing dashboards from an address is turned off: send their content'],
    ['a content', 'admin', cluster('a'), content({}), 200],
  ])
})
