import { generateKeyPairSync, X509Certificate, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { Agent, request } from 'undici'
import { WebSocket } from 'ws'
import { certificateRequest, keepAuthority, type Subject } from '../../../../core/sdk/index.js'
import { embeddedApi, type Json } from '../../../helpers/embedded-api.js'
import { temporaryFolder } from '../../../helpers/process.js'

const requests = '/apis/certificates.k8s.io/v1/certificatesigningrequests'
const bindings = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings'
const merge = { type: 'application/merge-patch+json' }
const signerName = 'kubernetes.io/kube-apiserver-client'
const approved = { status: { conditions: [{ type: 'Approved', status: 'True', reason: 'X', message: '' }] } }
const keyPair = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
const pemOf = (key: KeyObject): string => String(key.export({ type: 'pkcs8', format: 'pem' }))
const encode = (text: string): string => Buffer.from(text).toString('base64')
const decode = (text: unknown): string => Buffer.from(String(text), 'base64').toString()

async function start (t: Test, now: () => number = Date.now) {
  const api = await embeddedApi(t, { now })
  const { call, kube } = api
  await kube.settled()
  /** Asks for a certificate, has it approved, and answers the request as it is then. */
  async function sign (name: string, key: KeyObject, subject: Subject, more: object = {}, approval = true): Promise<Json> {
    const made = await call('POST', requests, { metadata: { name }, spec: { request: encode(certificateRequest(key, subject)), signerName, usages: ['client auth'], ...more } })
    if (made.status !== 201) throw new Error(JSON.stringify(made.json))
    if (approval) await call('PATCH', `${requests}/${name}/approval`, approved, merge)
    await kube.settled()
    return (await call('GET', `${requests}/${name}`)).json
  }
  return { ...api, sign }
}

t.test('what is signed, and what is not', async t => {
  const { sign, call, kube } = await start(t)
  const key = keyPair()
  const good = await sign('good', key, { commonName: 'alice', organizations: ['team', 'other'] }, { usages: ['digital signature', 'key encipherment', 'client auth'], expirationSeconds: 3600 })
  const certificate = new X509Certificate(decode(good['status'].certificate))
  t.equal(certificate.subject, 'O=team\nO=other\nCN=alice')
  t.ok(certificate.checkPrivateKey(key))
  t.notOk(certificate.ca)
  const life = (Date.parse(certificate.validTo) - Date.now()) / 1000
  t.ok(life > 3590 && life <= 3600, `it lives ${life} s`)
  const year = new X509Certificate(decode((await sign('long', key, { commonName: 'alice' }, { expirationSeconds: 2_000_000_000 }))['status'].certificate))
  t.ok(Date.parse(year.validTo) - Date.now() < 366 * 86_400_000, 'a year is the most')

  const failing: [string, Subject, object, RegExp][] = [
    ['servers', { commonName: 'alice' }, { usages: ['client auth', 'server auth'] }, /^invalid usage for client certificate: server auth$/],
    ['usages', { commonName: 'alice' }, { usages: ['digital signature'] }, /^missing required usage for client certificate: client auth$/],
    ['nameless', { commonName: '' }, {}, /not one common name/],
  ]
  for (const [name, subject, more, message] of failing) {
    const { status } = await sign(name, key, subject, more)
    t.match(status, { conditions: [{ type: 'Approved' }, { type: 'Failed', status: 'True', reason: 'SignerValidationFailure', message }] }, name)
    t.notOk(status.certificate, name)
  }
  const masters = (signerName: string) => call('POST', requests, { metadata: { name: 'masters' }, spec: { request: encode(certificateRequest(key, { commonName: 'mallory', organizations: ['system:masters'] })), signerName, usages: ['client auth'] } })
  t.match((await masters(signerName)).json, { code: 403, message: 'certificatesigningrequests.certificates.k8s.io "masters" is forbidden: use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed' })
  t.equal((await masters('example.com/signer')).status, 201, 'what other signers think of it is theirs')
  t.notOk((await sign('waiting', key, { commonName: 'alice' }, {}, false))['status'].certificate, 'nobody has approved it')
  t.notOk((await sign('elsewhere', key, { commonName: 'alice' }, { signerName: 'example.com/signer' }))['status'].certificate, 'another signer is asked')
  await call('PATCH', `${requests}/waiting/approval`, { status: { conditions: [{ type: 'Denied', status: 'True', reason: 'X', message: '' }] } }, merge)
  await kube.settled()
  t.strictSame((await call('GET', `${requests}/waiting`)).json['status'].conditions.length, 1, 'a denied request is left alone')
})

t.test('who decides and who signs needs the right for the signer', async t => {
  const { call, sign } = await start(t)
  await sign('first', keyPair(), { commonName: 'alice' }, {}, false)
  const rbac = '/apis/rbac.authorization.k8s.io/v1'
  const subresources = ['certificatesigningrequests', 'certificatesigningrequests/approval', 'certificatesigningrequests/status']
  const rule = (verbs: string[], resources: string[], resourceNames: string[] = []) => ({ apiGroups: ['certificates.k8s.io'], verbs, resources, ...(resourceNames.length ? { resourceNames } : {}) })
  const people: [string, object[]][] = [
    ['writer', [rule(['*'], subresources)]],
    ['approver', [rule(['*'], subresources), rule(['approve'], ['signers'], [signerName])]],
    ['domain', [rule(['*'], subresources), rule(['approve', 'sign'], ['signers'], ['kubernetes.io/*'])]],
    ['other', [rule(['*'], subresources), rule(['approve', 'sign'], ['signers'], ['example.com/*'])]],
  ]
  for (const [name, rules] of people) {
    await call('POST', `${rbac}/clusterroles`, { metadata: { name }, rules })
    await call('POST', bindings, { metadata: { name }, subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name }], roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name } })
  }
  const as = (name: string) => ({ ...merge, headers: { 'impersonate-user': name } })
  const refusal = (verb: string, code = 403) => ({ code, message: `certificatesigningrequests.certificates.k8s.io "first" is forbidden: user not permitted to ${verb} requests with signerName "${signerName}"` })
  for (const name of ['writer', 'other']) t.match((await call('PATCH', `${requests}/first/approval`, approved, as(name))).json, refusal('approve'), name)
  const failed = { status: { conditions: [{ type: 'Failed', status: 'True', reason: 'X', message: '' }] } }
  for (const name of ['writer', 'approver', 'other']) t.match((await call('PATCH', `${requests}/first/status`, failed, as(name))).json, refusal('sign'), name)
  t.equal((await call('PATCH', `${requests}/first/status`, failed, as('domain'))).status, 200)
  for (const name of ['approver', 'domain']) {
    await sign(name, keyPair(), { commonName: 'alice' }, {}, false)
    t.equal((await call('PATCH', `${requests}/${name}/approval`, approved, as(name))).status, 200, name)
  }
})

t.test('a certificate says who somebody is', async t => {
  let late = 0
  const { sign, kube, call, dataDir } = await start(t, () => Date.now() + late)
  const { url } = await kube.listen()
  const ca = kube.transport.endpoint?.()?.ca
  t.equal(kube.transport.endpoint?.()?.server, url)
  const key = keyPair()
  const whoami = '/apis/authentication.k8s.io/v1/selfsubjectreviews'
  const issued = async (name: string, subject: Subject) => decode((await sign(name, key, subject, { expirationSeconds: 600 }))['status'].certificate)
  const alice = await issued('alice', { commonName: 'alice', organizations: ['team'] })
  const foreign = (await keepAuthority(temporaryFolder(t), Date.now())).issue({ commonName: 'alice', organizations: ['system:masters'] }, new X509Certificate(alice).publicKey, Date.now() - 1000, Date.now() + 1_000_000)

  function client (cert?: string) {
    const dispatcher = new Agent({ connections: 1, connect: { ca, ...(cert ? { cert, key: pemOf(key) } : {}) } as object })
    t.teardown(() => dispatcher.destroy())
    return async (headers: Record<string, string> = {}) => {
      const { statusCode, body } = await request(url + whoami, { method: 'POST', dispatcher, headers: { 'content-type': 'application/json', ...headers }, body: '{}' })
      return { status: statusCode, user: ((await body.json()) as Json)['status']?.userInfo as object | undefined }
    }
  }
  const token = { authorization: `Bearer ${(await readFile(join(dataDir, 'kube-token'), 'utf8')).trim()}` }
  const asAlice = client(alice)
  for (let i = 0; i < 2; i++) t.match(await asAlice(), { status: 201, user: { username: 'alice', groups: ['team', 'system:authenticated'] } })
  for (const [i, commonName] of ['eve\nO=system:masters', 'eve/O=system:masters', 'eve, O = system:masters', 'eve+O=system:masters'].entries()) {
    t.strictSame((await client(await issued(`eve-${i}`, { commonName }))()).user, { username: commonName, groups: ['system:authenticated'] }, JSON.stringify(commonName))
  }
  t.match(await asAlice(token), { user: { username: 'alice' } }, 'a certificate comes before a token')
  t.match(await client()(token), { user: { username: 'system:admin' } })
  t.equal((await client()()).status, 401, 'nobody')
  t.equal((await client(foreign)()).status, 401, 'of another authority')
  t.match(await client(foreign)(token), { user: { username: 'system:admin' } }, 'that leaves the token')

  await call('POST', bindings, { metadata: { name: 'team' }, subjects: [{ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'team' }], roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' } })
  const watch = new WebSocket(`${url.replace('https', 'wss')}/api/v1/namespaces/default/configmaps?watch=true`, { ca, cert: alice, key: pemOf(key) } as object)
  t.teardown(() => { watch.terminate() })
  t.match(await new Promise<string>((resolve, reject) => { watch.once('message', data => { resolve(String(data)) }).once('error', reject) }), /kube-root-ca.crt/, 'upgrades, too')

  late = 700_000
  t.equal((await asAlice()).status, 401, 'it ends, on an open connection as well')
})
