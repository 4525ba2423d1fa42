import { createPublicKey } from 'node:crypto'
import t, { type Test } from 'tap'
import { keepAuthority, type Authority, type Key, type Kube } from '../../../core/sdk/index.js'
import { requested } from '../../../plugins/kube-embedded/kinds/certificate-requests.js'
import { kubeconfigReconciler } from '../../../plugins/iam/reconcilers/kubeconfig.js'
import { users, type User } from '../../../schemas/iam/v1alpha2.js'
import { configMaps, signingRequests, type SigningRequest } from '../../../schemas/kube/builtin.js'
import { fakeKube } from '../../helpers/fake-kube.js'
import { temporaryFolder } from '../../helpers/process.js'

const namespace = 'kubesphere-controls-system'
const [hour, day] = [3_600_000, 86_400_000]
const alice = (status: object = { state: 'Active' }, metadata: object = {}): User => ({ metadata: { name: 'alice', uid: 'uid-alice', ...metadata }, spec: { email: 'a@example.com' }, status }) as User

interface Options { user?: User, endpoint?: boolean }

/** Somebody, a clock, and an authority that answers when it is told to. */
async function world (t: Test, { user = alice(), endpoint = true }: Options = {}) {
  const fake = fakeKube([users, [user]])
  const place = { server: 'https://kube.example.com:6443', ca: 'root' }
  const kube: Kube = { ...fake, transport: { ...fake.transport, endpoint: () => endpoint ? place : undefined } }
  const authority: Authority = await keepAuthority(temporaryFolder(t), Date.now())
  const clock = { now: Date.now() }
  const make = (over: Kube = kube) => kubeconfigReconciler({ kube: over, now: () => clock.now })
  const config = () => kube.store(configMaps).get('kubeconfig-alice', namespace)?.data?.config
  const requests = () => kube.store(signingRequests).list()
  const isApproved = ({ status }: SigningRequest): boolean => status?.conditions?.some(({ type }) => type === 'Approved') ?? false

  /** Answers what was approved, as the name says, or as somebody else. */
  async function sign (as?: string, life = 30 * day) {
    for (const one of requests().filter(isApproved)) {
      const { subject, publicKey } = requested(one.spec.request)
      const certificate = authority.issue(as ? { commonName: as } : subject, createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })), clock.now - hour, clock.now + life)
      await kube.modify(signingRequests, one.metadata, object => ({ ...object, status: { ...object.status, certificate: Buffer.from(certificate).toString('base64') } }))
    }
  }
  return { kube, clock, place, make, config, requests, sign, isApproved }
}

const key: Key = { name: 'alice' }

t.test('step by step, and as often as one likes', async t => {
  const { make, config, requests, sign, isApproved, clock, kube } = await world(t)
  const reconciler = make()
  for (let i = 0; i < 3; i++) {
    await reconciler.reconcile(key)
    t.match(config(), /^users: null$/m, 'nothing is signed yet')
    t.equal(requests().length, 1)
  }
  const [request] = requests()
  t.match(request, { metadata: { name: `alice-csr-${Math.floor(clock.now / 1000)}`, labels: { 'kubesphere.io/username': 'alice' }, ownerReferences: [{ kind: 'User', name: 'alice', controller: true }] }, spec: { signerName: 'kubernetes.io/kube-apiserver-client', usages: ['key encipherment', 'client auth', 'digital signature'], expirationSeconds: 30 * day / 1000 } })
  t.strictSame(request?.status?.conditions, [{ type: 'Approved', status: 'True', reason: 'KubeSphereApprove', message: 'This CSR was approved by KubeSphere' }])
  t.ok(isApproved(request!))
  t.strictSame(requested(request!.spec.request).subject, { commonName: 'alice', organizations: [] })
  await sign()
  const result = await reconciler.reconcile(key)
  t.match(config(), /client-certificate-data: .*\n.*client-key-data: /)
  t.equal(requests().length, 0, 'what was answered goes')
  t.ok((result as { again: number }).again > 26 * day, 'there is time until the next one')

  const [first, { resourceVersion }] = [config(), kube.store(configMaps).get('kubeconfig-alice', namespace)!.metadata]
  await make().reconcile(key)
  t.equal(kube.store(configMaps).get('kubeconfig-alice', namespace)?.metadata.resourceVersion, resourceVersion, 'nothing is written where nothing changed')

  clock.now += 27 * day - hour
  await reconciler.reconcile(key)
  t.equal(requests().length, 0, 'more than three days are left')
  clock.now += 2 * hour
  await reconciler.reconcile(key)
  t.equal(requests().length, 1, 'less than three days are left')
  t.equal(config(), first, 'the old one stays until the new one is there')
  await sign()
  await reconciler.reconcile(key)
  t.not(config(), first)
})

t.test('Kubernetes moves', async t => {
  const { make, config, requests, sign, place } = await world(t)
  const reconciler = make()
  const settle = async () => {
    await reconciler.reconcile(key)
    await sign()
    await reconciler.reconcile(key)
  }
  await settle()
  const credential = () => /users:[^]*/.exec(config() ?? '')?.[0]
  const before = credential()
  place.server = 'https://elsewhere.example.com'
  await reconciler.reconcile(key)
  t.match(config(), /server: https:\/\/elsewhere.example.com/)
  t.equal(credential(), before, 'to another address: the certificate is as good there')
  place.ca = 'another root'
  await reconciler.reconcile(key)
  t.match(config(), /^users: null$/m, 'under another root: it is of no use')
  t.equal(requests().length, 1)
  await settle()
  t.match(credential(), /client-key-data/)
  t.not(credential(), before)
})

t.test('another process begins anew, because the key has gone with the one before', async t => {
  const { make, config, requests, sign, clock } = await world(t)
  await make().reconcile(key)
  const [before] = requests()
  await sign()
  clock.now += 1000
  await make().reconcile(key)
  t.match(config(), /^users: null$/m, 'a certificate whose key is not known is of no use')
  t.equal(requests().length, 1)
  t.not(requests()[0]?.metadata.uid, before?.metadata.uid)
})

t.test('a crash between two writes is made good', async t => {
  for (let writes = 0; writes < 8; writes++) {
    const { kube, make, config, requests, sign, clock } = await world(t)
    let left = writes
    const counted = <A extends unknown[], R>(act: (...args: A) => Promise<R>) => async (...args: A): Promise<R> => {
      if (left-- <= 0) throw new Error('killed')
      return act(...args)
    }
    const mortal = make({ ...kube, create: counted(kube.create) as Kube['create'], update: counted(kube.update) as Kube['update'], patch: counted(kube.patch) as Kube['patch'], delete: counted(kube.delete) as Kube['delete'] })
    for (let i = 0; i < 2; i++) {
      await mortal.reconcile(key).catch(() => {})
      await sign()
    }
    clock.now += 1000
    const next = make()
    for (let i = 0; i < 2; i++) {
      await next.reconcile(key)
      await sign()
    }
    await next.reconcile(key)
    t.match(config(), /client-key-data/, `after ${writes} writes`)
    t.equal(requests().length, 0, `after ${writes} writes nothing is left`)
  }
})

t.test('where nobody signs, one request a day', async t => {
  const { make, requests, clock, config } = await world(t)
  const reconciler = make()
  await reconciler.reconcile(key)
  const [first] = requests()
  clock.now += 2 * 60_000
  for (const one of [reconciler, make()]) {
    const result = await one.reconcile(key)
    t.equal(requests()[0]?.metadata.uid, first?.metadata.uid, 'the first one still waits, whichever process looks')
    t.ok((result as { again: number }).again > 23 * hour)
  }
  t.match(config(), /^users: null$/m)
  clock.now += day
  await reconciler.reconcile(key)
  await reconciler.reconcile(key)
  t.equal(requests().length, 1)
  t.not(requests()[0]?.metadata.uid, first?.metadata.uid)
})

t.test('what is refused or taken away is not asked for again and again', async t => {
  for (const what of ['denied', 'removed'] as const) {
    const { kube, make, requests, clock } = await world(t)
    const reconciler = make()
    await reconciler.reconcile(key)
    const [first] = requests()
    if (what === 'removed') await kube.delete(signingRequests, first!.metadata)
    else await kube.modify(signingRequests, first!.metadata, object => ({ ...object, status: { conditions: [{ type: 'Denied', status: 'True' }] } }))
    const [count, { again }] = [requests().length, await reconciler.reconcile(key) as { again: number }]
    t.equal(requests().length, count, what)
    t.ok(again > 23 * hour, `${what}: the next try is in ${again} ms`)
    t.notMatch(requests()[0]?.status?.conditions ?? [], [{ type: 'Approved' }])
    clock.now += day
    await reconciler.reconcile(key)
    await reconciler.reconcile(key)
    t.not(requests()[0]?.metadata.uid, first?.metadata.uid)
  }
})

t.test('a certificate for somebody else is not taken', async t => {
  const { make, config, sign } = await world(t)
  const reconciler = make()
  await reconciler.reconcile(key)
  await sign('mallory')
  await t.rejects(Promise.resolve(reconciler.reconcile(key)), { message: 'the certificate that was issued for alice is not the one that was asked for' })
  t.match(config(), /^users: null$/m)
})

t.test('a request that was exchanged under its name is not approved', async t => {
  const { kube, make, requests } = await world(t)
  const reconciler = make()
  const approve = kube.patch
  kube.patch = () => Promise.reject(new Error('not now'))
  await t.rejects(Promise.resolve(reconciler.reconcile(key)), { message: 'not now' })
  kube.patch = approve
  const [own] = requests()
  await kube.delete(signingRequests, own!.metadata)
  await kube.create(signingRequests, { ...own!, metadata: { ...own!.metadata, uid: 'another' } })
  for (let i = 0; i < 2; i++) await reconciler.reconcile(key)
  t.match(requests(), [{ metadata: { uid: 'another' } }])
  t.notOk(requests()[0]?.status?.conditions)
})

t.test('who gets none', async t => {
  const facts: [string, Options, boolean][] = [
    ['somebody on the way out', { user: alice({ state: 'Active' }, { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['x'] }) }, false],
    ['somebody of another cluster', { user: alice({ state: 'Active' }, { labels: { 'kubefed.io/managed': 'true' } }) }, false],
    ['nobody can reach Kubernetes', { endpoint: false }, false],
    ['a disabled account', { user: alice({ state: 'Disabled' }) }, true],
    ['an account without state', { user: alice({}) }, true],
  ]
  for (const [what, options, file] of facts) {
    const { make, config, requests } = await world(t, options)
    await make().reconcile(key)
    t.equal(requests().length, 0, what)
    t.equal(config() !== undefined, file, `${what}: ${file ? 'a kubeconfig without credential' : 'no kubeconfig'}`)
  }
  const long = 'a'.repeat(64)
  const { kube, make, requests } = await world(t, { user: { ...alice(), metadata: { name: long, uid: 'x' } } })
  await make().reconcile({ name: long })
  t.equal(requests().length + kube.store(configMaps).list().length, 0, 'a name that fits into no label')
})

t.test('which events are worth a look', async t => {
  const { kube, make, sign } = await world(t)
  const reconciler = make()
  const [people, maps] = reconciler.watches
  const user = () => kube.store(users).get('alice')!
  const map = () => kube.store(configMaps).get('kubeconfig-alice', namespace)!
  t.same(people?.keys?.(user()), [key])
  await reconciler.reconcile(key)
  await sign()
  await reconciler.reconcile(key)
  t.same(people?.keys?.({ ...user(), status: { state: 'Active', lastLoginTime: '2026-01-01T00:00:00Z' } } as User), [], 'a log-in is not')
  t.same(maps?.keys?.(map()), [], 'our own write is not')
  t.same(maps?.keys?.({ metadata: { name: 'other', namespace } }), [])
  const changes: [string, User][] = [['disabled', { ...user(), status: { state: 'Disabled' } }], ['another of that name', { ...user(), metadata: { ...user().metadata, uid: 'new' } }], ['on the way out', { ...user(), metadata: { ...user().metadata, deletionTimestamp: 'x' } }]]
  for (const [what, changed] of changes) t.same(people?.keys?.(changed), [key], what)
  await kube.modify(configMaps, map().metadata, object => ({ ...object, data: { config: 'nothing' } }))
  t.same(maps?.keys?.(map()), [key], 'a kubeconfig that somebody broke is')
})
