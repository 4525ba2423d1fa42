import { createServer } from 'node:net'
import t, { type Test } from 'tap'
import { createDownload, type DownloadOptions } from '../../../plugins/monitoring-dashboard/download.js'
import { createFence } from '../../../plugins/monitoring-dashboard/fence.js'
import { webServer } from '../../helpers/web-server.js'

const nobody = { allowedHosts: [], allowedNetworks: [], deniedNetworks: [] }
const fenced = (more: Partial<typeof nobody> = {}) => createFence({ ...nobody, ...more })
const refused = /^the address of the dashboard is not allowed or cannot be found$/

/** What a download ends in: the text, or the sentence of its refusal with its code. */
const outcome = (download: ReturnType<typeof createDownload>, address: string): Promise<string> =>
  download(address).catch((error: Error & { code?: number }) => { if (error.code !== 400 && error.code !== 429) throw error; return error.message })

const build = async (t: Test, answer: Parameters<typeof webServer>[1], options: Partial<DownloadOptions> = {}) => {
  const web = await webServer(t, answer)
  return { web, download: createDownload({ fence: fenced({ allowedHosts: [`open.example:${web.port}`] as never }), lookup: async () => ['127.0.0.1'], ...options }), open: `http://open.example:${web.port}` }
}

t.test('no address inside is connected to, whatever it is written as', async t => {
  const asked: string[] = []
  const names: Record<string, string[]> = { localhost: ['127.0.0.1', '::1'], 'localhost.': ['127.0.0.1'], 'inside.example': ['10.0.0.5'], 'mixed.example': ['8.8.8.8', '127.0.0.1'], 'six.example': ['fd00::1'], 'mapped.example': ['::ffff:7f00:1'], 'metadata.google.internal': ['169.254.169.254'], 'prometheus.monitoring.svc': ['10.96.0.7'], 'empty.example': [] }
  const web = await webServer(t, () => ({ body: {} }))
  const lookup = async (host: string) => { asked.push(host); const found = names[host]; if (!found) throw new Error('ENOTFOUND'); return found }
  const download = createDownload({ fence: fenced(), lookup })
  const port = web.port
  const hosts = [
    '127.0.0.1', '127.1', '127.0.1', '2130706433', '017700000001', '0177.0.0.1', '0x7f000001', '0x7f.1', '0x7f.0x0.0x0.0x1', '%31%32%37.0.0.1', '127。0。0。1', '127.0.0.1.', '①②⑦.0.0.1', '0', '0.0.0.0', '[::]', '[::1]', '[0:0:0:0:0:0:0:1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]',
    '[0:0:0:0:0:ffff:7f00:0001]', '[::127.0.0.1]', '[64:ff9b::127.0.0.1]', '[2002:7f00:1::]', '[fe80::1]', '[fd00:ec2::254]', '10.0.0.1', '172.16.0.1', '192.168.1.1', '100.64.0.1', '169.254.169.254', '2852039166', '0xa9fea9fe', '224.0.0.1', '255.255.255.255', '192.0.0.192', '100.100.100.200', '168.63.129.16', ...Object.keys(names), 'LOCALHOST', 'nowhere.example',
  ]
  for (const host of hosts) t.match(await outcome(download, `http://${host}:${port}/`), refused, host)
  for (const host of ['localhost', 'localhost.', '127.0.0.1.nip.invalid']) t.match(await outcome(createDownload({ fence: fenced() }), `http://${host}:${port}/`), refused, `${host}, looked up in earnest`)
  t.equal(web.asked.length, 0, 'nothing was connected to')
  t.equal(await outcome(createDownload({ fence: fenced({ allowedHosts: ['localhost'] as never }) }), `http://localhost:${port}/`), '{}', 'but where an administrator says so')
  t.notOk(asked.some(host => /^[\d.]+$/.test(host)), 'addresses are no names')
})

t.test('what is no address of the web', async t => {
  const { web, download } = await build(t, () => ({ body: {} }))
  const rows: [string, RegExp][] = [
    ['x', /^parse "x": invalid URI for request$/], ['/etc/passwd', /invalid URI/], ['//127.0.0.1/', /invalid URI/], ['http://', /invalid URI/], ['http:///x', /invalid URI/], ['http:/open.example', /invalid URI/], ['http:open.example', /invalid URI/], ['http://a b/', /invalid URI/], ['http://a\n.example', /invalid URI/], ['http://a\\@b', /invalid URI/], [' http://a', /invalid URI/], ['http://a:99999/', /invalid URI/], ['http://[::1', /invalid URI/], ['http://[fe80::1%25eth0]/', /invalid URI/], ['http://1.2.3.256/', /invalid URI/],
    ['ftp://a/', /^Get "ftp:\/\/a\/": unsupported protocol scheme "ftp"$/], ['file:///etc/passwd', /unsupported protocol scheme "file"/], ['gopher://a', /scheme "gopher"/], ['data:application/json,{}', /scheme "data"/], ['javascript:1', /scheme "javascript"/], ['unix:/run/x.sock', /scheme "unix"/],
    [`http://user:secret@open.example:${web.port}/`, /^the address of the dashboard must not hold a user or a password$/], [`http://@open.example:${web.port}/`, /^\{\}$/],
    [`http://open.example:${web.port}/${'x'.repeat(3000)}`, /longer than 2048 letters/],
  ]
  for (const [address, says] of rows) t.match(await outcome(download, address), says, address.slice(0, 60))
  t.equal(web.asked.length, 1, 'only the last but one was asked for')
})

t.test('the address that was checked is the one connected to', async t => {
  let looked = 0
  const rebinding = async () => looked++ === 0 ? ['127.0.0.9'] : ['127.0.0.1']
  const web = await webServer(t, () => ({ body: {} }))
  const seen: string[] = []
  const fence = { admitsHost: () => false, admitsAddress: (address: string) => { seen.push(address); return true } }
  t.match(await outcome(createDownload({ fence, lookup: rebinding, bounds: { time: 300 } }), `http://name.example:${web.port}/`), /took too long|could not be downloaded/)
  t.same([looked, seen, web.asked.length], [1, ['127.0.0.9'], 0])
  t.match(await outcome(createDownload({ fence: fenced(), lookup: rebinding }), `http://name.example:${web.port}/`), refused, 'and a second look is another check')
})

t.test('a redirect is an address like any other', async t => {
  const inside = await webServer(t, () => ({ body: { secret: true } }))
  const { web, download, open } = await build(t, ({ url: { pathname, searchParams } }) => {
    const left = Number(searchParams.get('left'))
    if (pathname === '/to') return { status: 302, headers: { location: searchParams.get('where') ?? '' } }
    if (pathname === '/hop' && left > 0) return { status: [301, 302, 303, 307, 308][left % 5] ?? 302, headers: { location: `/hop?left=${left - 1}` }, body: 'x'.repeat(100_000) }
    return { body: { hops: 'over' } }
  }, { lookup: async host => host === 'inside.example' ? ['10.0.0.1'] : ['127.0.0.1'] })
  const to = (where: string) => `${open}/to?where=${encodeURIComponent(where)}`
  const rows: [string, RegExp][] = [
    [`${open}/hop?left=3`, /"hops":"over"/], [`${open}/hop?left=4`, /^stopped after 3 redirects$/], [to(`${open}/x`), /"hops"/], [to('/x'), /"hops"/],
    [to(`http://127.0.0.1:${inside.port}/`), refused], [to(`http://[::1]:${inside.port}/`), refused], [to(`http://localhost:${inside.port}/`), refused], [to(`http://inside.example:${inside.port}/`), refused], [to(`//127.0.0.1:${inside.port}/`), refused],
    [to('file:///etc/passwd'), refused], [to('ftp://a/'), refused], [to(`http://u:p@open.example:${web.port}/`), refused], [to('http://%'), refused], [to('http://169.254.169.254/latest/meta-data'), refused],
  ]
  for (const [address, says] of rows) t.match(await outcome(download, address), says, decodeURIComponent(address))
  t.equal(inside.asked.length, 0)
})

t.test('an answer is bounded and is JSON', async t => {
  const { download, open } = await build(t, ({ url: { pathname } }) => ({
    '/json': { body: '{"a":1}' },
    '/charset': { type: 'application/json; charset=utf-8', body: '\ufeff{"a":"é"}' },
    '/plain': { type: 'text/plain', body: '{}' },
    '/vendor': { type: 'application/vnd.grafana+json', body: '{}' },
    '/html': { type: 'text/html', body: '<html>{}</html>' },
    '/gzip': { headers: { 'content-encoding': 'gzip' }, body: '{}' },
    '/204': { status: 204 },
    '/404': { status: 404, body: '{"secret":1}' },
    '/500': { status: 500, body: 'x'.repeat(1_000_000) },
    '/401': { status: 401, body: '{}' },
    '/large': { body: `"${'x'.repeat(1_000_000)}"` },
    '/lying': { headers: { 'content-length': '5000000' }, body: '{}' },
  })[pathname] ?? {}, { bounds: { bytes: 500_000, time: 2_000 } })
  const rows: [string, RegExp][] = [
    ['/json', /^\{"a":1\}$/], ['/charset', /^\{"a":"é"\}$/], ['/plain', /^\{\}$/], ['/vendor', /^\{\}$/], ['/204', /^$/],
    ['/html', /something that is not JSON$/], ['/gzip', /something that is not JSON$/], ['/404', /^the address of the dashboard answered with status 404$/], ['/500', /status 500$/], ['/401', /status 401$/], ['/large', /^the dashboard is too large$/], ['/lying', /^the dashboard is too large$/],
  ]
  for (const [path, says] of rows) t.match(await outcome(download, open + path), says, path)
})

t.test('time and number are bounded', async t => {
  const held: (() => void)[] = []
  const { download, open, web } = await build(t, ({ url }) => url.pathname === '/slow' ? new Promise(resolve => { held.push(() => { resolve({ body: {} }) }) }) : { body: {} }, { bounds: { time: 400, running: 2 } })
  const [first, second, third] = [outcome(download, `${open}/slow`), outcome(download, `${open}/slow`), outcome(download, `${open}/slow`)]
  t.match(await third, /^too many dashboards are being downloaded/)
  t.same(await Promise.all([first, second]), Array(2).fill('the download of the dashboard took too long'))
  t.equal(await outcome(download, `${open}/`), '{}', 'and then there is room again')
  for (const release of held) release()
  await web.close()
  t.match(await outcome(download, `${open}/`), /^the dashboard could not be downloaded$/)

  const hanging = createDownload({
    fence: fenced(),
    lookup: () => new Promise(resolve => {
      const timer = setTimeout(resolve, 60_000, [])
      t.teardown(() => { clearTimeout(timer) })
    }),
    bounds: { time: 100 },
  })
  t.equal(await outcome(hanging, 'http://slow.example/'), 'the download of the dashboard took too long', 'a name that nobody answers for')

  const dripping = createServer(socket => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n')
    const drip = setInterval(() => { socket.write(' ') }, 50)
    socket.on('close', () => { clearInterval(drip) }).on('error', () => {})
  })
  await new Promise<void>(resolve => { dripping.listen(0, '127.0.0.1', resolve) })
  t.teardown(() => dripping.close())
  const { port } = dripping.address() as { port: number }
  t.equal(await outcome(createDownload({ fence: fenced({ allowedNetworks: ['127.0.0.1'] as never }), bounds: { time: 400 } }), `http://127.0.0.1:${port}/`), 'the download of the dashboard took too long', 'one that never ends')
})

t.test('nothing of ours goes along', async t => {
  process.env.HTTP_PROXY = process.env.http_proxy = 'http://127.0.0.1:1'
  t.teardown(() => { delete process.env.HTTP_PROXY; delete process.env.http_proxy })
  const { web, download, open } = await build(t, () => ({ body: {}, headers: { 'set-cookie': 'a=b' } }))
  await download(`${open}/x?y=1#z`)
  await download(`${open}/x`)
  t.same(web.asked.map(({ method, url }) => `${method} ${url.pathname}${url.search}`), ['GET /x?y=1', 'GET /x'])
  for (const { headers } of web.asked) t.same(Object.keys(headers).sort(), ['accept', 'accept-encoding', 'connection', 'host', 'user-agent'])
})
