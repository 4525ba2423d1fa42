import t from 'tap'
import { createIdentities } from '../../../core/auth/identities.js'
import { createPasswords } from '../../../core/auth/bcrypt.js'
import type { Access, Authentication, Identity } from '../../../core/sdk/index.js'
import { createAccounts } from '../../../plugins/iam/accounts.js'
import { createBindings } from '../../../plugins/iam/bindings.js'
import { createCatalog } from '../../../plugins/iam/catalog.js'
import { createDirectory } from '../../../plugins/iam/directory.js'
import { createHoldings } from '../../../plugins/iam/holdings.js'
import { createMemberships } from '../../../plugins/iam/memberships.js'
import { createPeople } from '../../../plugins/iam/people.js'
import { createWriter } from '../../../plugins/iam/writer.js'
import { globalRoles, users, type User } from '../../../schemas/iam/v1alpha2.js'
import { fakeAccess } from '../../helpers/app.js'
import { fakeKube } from '../../helpers/fake-kube.js'

function build () {
  const kube = fakeKube([globalRoles, [{ metadata: { name: 'platform-admin' }, rules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }] } as never]])
  const access: Access = fakeAccess(name => name === 'admin' ? { source: 'global' } : undefined)
  const bindings = createBindings(kube)
  const catalog = createCatalog({ kube, bindings })
  const holdings = createHoldings({ bindings, catalog, workspaceOf: () => '' })
  const writer = createWriter(kube)
  const passwords = createPasswords()
  const authentication = { identities: createIdentities({ kube }), issuer: { endAll: async () => {} } } as unknown as Authentication
  const people = createPeople({ kube, access, authentication, passwords, accounts: createAccounts({ kube, access, passwords }), directory: createDirectory({ kube, bindings }), catalog, memberships: createMemberships({ bindings, catalog, holdings, writer }), holdings, writer })
  return { kube, people }
}

const registrar = (extra: Record<string, string[]>): Identity => ({ name: 'system:pre-registration', groups: [], by: 'bearer', extra })
const body: User = {
  metadata: { name: 'newcomer', labels: { 'iam.kubesphere.io/origin-uid': 'other' }, annotations: { 'iam.kubesphere.io/globalrole': 'platform-admin' }, finalizers: ['x.io/y'] },
  spec: { email: 'new@example.com', displayName: 'New', groups: ['team'], password: 'P@88w0rd-Test' },
  status: { state: 'Active', reason: 'x' },
}

t.test('W2: registration takes from the token who somebody is, and from the body how they are called', async t => {
  const { kube, people } = build()
  await people.create({ identity: registrar({ idp: ['corp'], uid: ['42'] }), grant: { source: 'global' } }, body)
  const { metadata, spec, status } = await kube.get(users, { name: 'newcomer' })
  t.strictSame(metadata.labels, { 'iam.kubesphere.io/identify-provider': 'corp', 'iam.kubesphere.io/origin-uid': '42' })
  t.strictSame([metadata.annotations, metadata.finalizers], [undefined, undefined])
  t.strictSame(spec, { email: 'new@example.com', displayName: 'New' })
  t.match(status, { state: 'Active', reason: undefined })
})

for (const [what, extra] of [['nothing', {}], ['two identities', { idp: ['corp'], uid: ['1', '2'] }], ['no provider', { uid: ['1'] }], ['empty texts', { idp: [''], uid: [''] }]] as const) {
  t.test(`a registration token with ${what} is refused`, async t => {
    const { kube, people } = build()
    await t.rejects(people.create({ identity: registrar(extra as never), grant: { source: 'global' } }, body), { code: 400, message: 'invalid registration token' })
    t.equal(await kube.find(users, { name: 'newcomer' }), undefined)
  })
}
