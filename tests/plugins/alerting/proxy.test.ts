import t from 'tap'
import { webServer } from '../../helpers/web-server.js'
import { stage } from './stage.js'

const base = '/kapis/alerting.kubesphere.io'

t.test('versions that are not served here go to the server that is configured for them', { timeout: 120_000 }, async t => {
  const { base: endpoint, asked } = await webServer(t, ({ url }) => ({ body: { path: url.pathname + url.search } }))
  const { does } = await stage(t, { change: ({ alerting }) => { alerting.endpoint = `${endpoint}/old/` } })
  for (const [who, method, path, status] of [
    ['admin', 'GET', '/v1/alerts?a=1', 200], ['admin', 'POST', '/v1/namespaces/ns-a/policies', 200], ['admin', 'GET', '/v3alpha1/x', 200],
    ['alice', 'GET', '/v1/namespaces/ns-a/alerts', 200], ['vera', 'GET', '/v1/namespaces/ns-a/alerts', 200],
    ['vera', 'POST', '/v1/namespaces/ns-a/policies', 403], ['alice', 'GET', '/v1/namespaces/ns-b/alerts', 403], ['alice', 'GET', '/v1/alerts', 403], ['carol', 'GET', '/v1/namespaces/ns-a/alerts', 403], ['', 'GET', '/v1/alerts', 403],
    ['alice', 'GET', '/v1/namespaces/ns-a/../ns-b/alerts', 400], ['admin', 'GET', '/v2beta1/nothing', 404], ['admin', 'GET', '/v2alpha1', 404], ['admin', 'GET', '/alerts', 404],
  ] as const) {
    asked.length = 0
    const { json } = await does(who, method, base + path, status, method === 'POST' ? { a: 1 } : undefined)
    t.equal(asked.length, status === 200 ? 1 : 0, `${who} ${path}`)
    if (status !== 200) continue
    t.equal(json.path, `/old${path}`)
    t.strictSame([asked[0]!.headers.authorization, asked[0]!.headers.cookie], [undefined, undefined])
  }
  t.equal((await does('admin', 'GET', '/kapis/config.kubesphere.io/v1alpha2/configs/configz', 200)).json.alerting, true)
})
