import t, { type Test } from 'tap'
import { parseXML } from '../../../../core/auth/providers/xml.js'
import { providerPlatform } from '../../../helpers/provider-platform.js'
import { webServer } from '../../../helpers/web-server.js'

const success = (inside: string) => `<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">\n  <cas:authenticationSuccess>${inside}</cas:authenticationSuccess>\n</cas:serviceResponse>`
const failure = '<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas"><cas:authenticationFailure code="INVALID_TICKET">Ticket not recognized</cas:authenticationFailure></cas:serviceResponse>'
const redirectURL = 'https://console.example/oauth/redirect/cas?x=1'

/** A server of the CAS protocol 3.0: tickets are good once, for the service that they were issued to. */
async function setUp (t: Test, answer = success('<cas:user>Casey</cas:user>')) {
  const tickets = new Map<string, string>()
  const server = await webServer(t, ({ url: { pathname, searchParams } }) => {
    if (pathname !== '/cas/serviceValidate') return { status: 404 }
    const service = tickets.get(searchParams.get('ticket') ?? '')
    tickets.delete(searchParams.get('ticket') ?? '')
    return { type: 'application/xml;charset=UTF-8', body: service !== undefined && service === searchParams.get('service') ? answer : failure }
  })
  const platform = await providerPlatform(t, [{ name: 'cas', type: 'CASIdentityProvider', provider: { casServerURL: `${server.base}/cas/`, redirectURL } }])
  const ticketFor = (service: string) => {
    tickets.set('ST-1-abc', service)
    return 'ST-1-abc'
  }
  return { ...platform, server, ticketFor }
}

t.test('a ticket', async t => {
  const { server, begin, comeBack, whoami, people, ticketFor } = await setUp(t)
  const reply = await comeBack('cas', { ticket: ticketFor(redirectURL) })
  t.equal(reply.status, 200, 'for the service of a console')
  t.equal((await whoami(reply.json.access_token)).sub, 'casey')
  t.match(people.get('casey'), { metadata: { labels: { 'iam.kubesphere.io/origin-uid': 'Casey' } }, spec: { email: '' } })
  t.match(await comeBack('cas', { ticket: 'ST-1-abc' }), { status: 401, text: 'Unauthorized: the identity provider refused the ticket\n' }, 'once')
  t.equal((await comeBack('cas', { ticket: ticketFor('https://other.example/') })).status, 401, 'of another service')
  t.equal((await comeBack('cas', {})).status, 401)
  t.equal((await comeBack('cas', { ticket: 'a b\n' })).status, 401)
  const { location, cookie } = await begin('cas')
  t.equal(new URL(location).origin + new URL(location).pathname, `${server.base}/cas/login`)
  const service = new URL(location).searchParams.get('service') ?? ''
  const state = new URL(service).searchParams.get('state') ?? ''
  t.match(state, /^ks1\./, 'the state travels in the service')
  t.equal((await comeBack('cas', { ticket: ticketFor(service), state })).status, 401, 'in another browser')
  t.equal((await comeBack('cas', { ticket: ticketFor(service), state }, cookie)).status, 200)
})

t.test('answers that name nobody', async t => {
  const rows: [string, string][] = [
    ['a name beside the success', success('').replace('</cas:serviceResponse>', '<cas:user>admin</cas:user></cas:serviceResponse>')],
    ['a name among the attributes', success('<cas:attributes><cas:user>admin</cas:user></cas:attributes>')],
    ['two names', success('<cas:user>a</cas:user><cas:user>b</cas:user>')],
    ['success and failure', success('<cas:user>a</cas:user>').replace('</cas:serviceResponse>', '<cas:authenticationFailure/></cas:serviceResponse>')],
    ['elements in the name', success('<cas:user>a<b/>c</cas:user>')],
    ['an empty name', success('<cas:user> </cas:user>')],
    ['a document type', `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${success('<cas:user>&e;</cas:user>')}`],
    ['an entity', success('<cas:user>&e;</cas:user>')],
    ['another root', '<html><body>Log in</body></html>'],
    ['JSON', '{"serviceResponse": {"authenticationSuccess": {"user": "admin"}}}'],
    ['too much', success(`<cas:user>a</cas:user>${'<a/>'.repeat(50_000)}`)],
  ]
  for (const [what, answer] of rows) {
    const { comeBack, ticketFor } = await setUp(t, answer)
    t.match(await comeBack('cas', { ticket: ticketFor(redirectURL) }), { status: 401, text: /^Unauthorized: the identity provider (refused the ticket|answered the ticket with something)/ }, what)
  }
})

t.test('XML', t => {
  const text = (source: string) => parseXML(source).text
  t.equal(text('<?xml version="1.0"?>\n<a>one &amp; two &#x41;&#66;</a>\n'), 'one & two AB')
  t.equal(text('<a>adm<!-- a comment hides nothing -->in</a>'), 'admin', 'a comment does not cut a name short')
  t.equal(text('<a><![CDATA[<b>&amp;</b>]]></a>'), '<b>&amp;</b>')
  t.match(parseXML('<x:a y:z="1 > 0"><x:b/><c d=\'"\'>t</c></x:a>'), { name: 'a', children: [{ name: 'b', children: [] }, { name: 'c', text: 't' }] })
  for (const bad of ['', 'text', '<a>', '</a>', '<a></b>', '<a/><b/>', '<a>x</a>y', '<a b></a>', '<a b="<"/>', '<!DOCTYPE a><a/>', '<a>&nbsp;</a>', '<a>& </a>', '<a>&#x110000;</a>', '<a><!-- -- --></a>', '<a'.repeat(30_000), '<a>'.repeat(100), `<a>${' '.repeat(70_000)}</a>`]) {
    t.throws(() => parseXML(bad), bad.slice(0, 40))
  }
  for (const slow of [`<a ${'x="1" '.repeat(8_000)}`, `<a>${'<!--'.repeat(15_000)}`, `<a${' '.repeat(60_000)}`, `<a>${'&'.repeat(60_000)}`]) t.throws(() => parseXML(slow))
  t.end()
})
