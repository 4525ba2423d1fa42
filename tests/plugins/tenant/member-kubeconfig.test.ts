import t from 'tap'
import { readInlineKubeconfig, readMember } from '../../../core/kube/member.js'

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const config = (cluster: object, user: object = {}): string => JSON.stringify({ 'current-context': 'c', contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }], clusters: [{ name: 'k', cluster }], users: [{ name: 'u', user }] })
const server = 'https://10.1.2.3:6443/prefix'

t.test('a kubeconfig from outside is data', async t => {
  const { url, tls, authorization } = readInlineKubeconfig(config({ server, 'certificate-authority-data': base64('ca') }, { token: 'secret' }))
  t.equal(url.href, server)
  t.match(tls, { ca: Buffer.from('ca'), rejectUnauthorized: true })
  t.equal(authorization, 'Bearer secret')
  const refused: [string, string, RegExp][] = [
    ['a program', config({ server }, { exec: { command: '/bin/sh' } }), /exec/],
    ['a plugin', config({ server }, { 'auth-provider': { name: 'x' } }), /auth-provider/],
    ['a file with a token', config({ server }, { tokenFile: '/etc/passwd' }), /tokenFile/],
    ['a file with a certificate', config({ server }, { 'client-certificate': '/x' }), /client-certificate/],
    ['a file with a key', config({ server }, { 'client-key': '/x' }), /client-key/],
    ['a file with an authority', config({ server, 'certificate-authority': '/x' }), /certificate-authority/],
    ['a proxy', config({ server, 'proxy-url': 'http://x' }), /proxy-url/],
    ['plain HTTP', config({ server: 'http://10.1.2.3' }), /https/],
    ['a file as server', config({ server: 'file:///etc/passwd' }), /https/],
    ['no server', config({}), /https/],
    ['no context', JSON.stringify({ clusters: [] }), /https/],
    ['a text', 'secret', /cannot be read/],
  ]
  for (const [what, content, text] of refused) t.throws(() => readInlineKubeconfig(content), text, what)
  t.throws(() => readInlineKubeconfig('{'), 'what is no YAML')
})

t.test('a cluster that does not answer is an error, in bounded time', async t => {
  await t.rejects(readMember(config({ server: 'https://127.0.0.1:1' }), '/apis', ''))
})
