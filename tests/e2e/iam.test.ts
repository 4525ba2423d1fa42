import t from 'tap'
import { password } from '../helpers/platform.js'
import { cast, globalRole, iam, raw, user } from '../plugins/iam/cast.js'

t.test('accounts through their own routes', { timeout: 180_000 }, async t => {
  const { ask, does, login, raw: send, until } = await cast(t)

  await t.test('creating', async t => {
    const { json } = await does('admin', 'POST', '/users', 200, user('erin', { spec: { displayName: 'Erin' } }))
    t.notOk(json.spec.password, 'no password in the answer')
    t.notOk(json.metadata.annotations?.[globalRole], 'the role is not part of the account')
    t.equal((await login('erin')).status, 200, 'and yet erin logs in at once')
    t.match((await does('admin', 'GET', '/users/erin', 200)).json, { metadata: { annotations: { [globalRole]: 'platform-regular' } }, status: { state: 'Active' } })
    const bad: [string, unknown, number, RegExp][] = [
      ['the same again', user('erin'), 409, /users.iam.kubesphere.io "erin" already exists/],
      ['an address of somebody else', user('fred', { spec: { email: 'erin@example.com' } }), 409, /user email: erin@example.com already exists/],
      ['no address at all', user('fred', { spec: { email: 'nobody' } }), 400, /invalid email address:nobody/],
      ['a role that is not there', user('fred', { role: 'absent' }), 404, /globalrole.iam.kubesphere.io "absent" not found/],
      ['a weak password', user('fred', { spec: { password: 'weakling' } }), 422, /spec.password/],
      ['a hash that is too dear', user('fred', { spec: { password: `$2b$31$${'a'.repeat(53)}` } }), 422, /cost/],
      ['no name', user('', { spec: { email: '' } }), 422, /name or generateName is required/],
      ['a name that is none', user('Bad_Name'), 422, /RFC 1123/],
      ['a name that is Kubernetes\' own', user('system:masters', { spec: { email: '' } }), 422, /RFC 1123/],
      ['a name that is no label', user('f'.repeat(64)), 422, /no more than 63/],
      ['groups of Kubernetes', user('fred', { spec: { groups: ['system:masters'] } }), 422, /system:masters/],
      ['nothing', {}, 422, /name or generateName/],
      ['a list', [], 400, /cannot be read/],
      ['numbers for texts', { metadata: { name: 7 } }, 400, /metadata\/name/],
      ['no body', undefined, 400, /EOF/],
      ['broken JSON', '{', 400, /JSON/],
    ]
    for (const [what, body, status, says] of bad) {
      const reply = await does('admin', 'POST', '/users', status, body)
      t.match(reply.text, says, what)
      t.match(reply.headers['content-type'], /text\/plain/, what)
      t.notMatch(reply.text, /weakling/, 'a password is not repeated')
    }
    const { status } = await does('admin', 'GET', '/users/fred', 404)
    t.equal(status, 404, 'nothing of it was stored')
    await does('carol', 'POST', '/users', 403, user('fred'))
    await does('', 'POST', '/users', 403, user('fred'))
  })

  await t.test('two writers at once: one account, one address', async t => {
    const same = await Promise.all(Array.from({ length: 4 }, () => ask('admin', 'POST', `${iam}/users`, { body: user('twin') })))
    t.strictSame(same.map(({ status }) => status).sort(), [200, 409, 409, 409])
    const address = await Promise.all(Array.from({ length: 4 }, (_, i) => ask('admin', 'POST', `${iam}/users`, { body: user(`twin${i}`, { spec: { email: 'one@example.com' } }) })))
    t.strictSame(address.map(({ status }) => status).sort(), [200, 409, 409, 409])
    const { json } = await does('admin', 'GET', '/users/twin', 200)
    const changes = await Promise.all([1, 2, 3].map(i => ask('admin', 'PUT', `${iam}/users/twin`, { body: { ...json, spec: { ...json.spec, description: String(i) } } })))
    t.strictSame(changes.map(({ status }) => status).sort(), [200, 409, 409])
  })

  await t.test('changing', async t => {
    const { json: stored } = await does('admin', 'GET', '/users/erin', 200)
    await does('admin', 'PUT', '/users/erin', 422, user('erin'))
    await does('admin', 'PUT', '/users/erin', 400, user('carol'))
    await does('admin', 'PUT', '/users/absent', 404, { ...stored, metadata: { ...stored.metadata, name: 'absent' } })
    const changed = await does('admin', 'PUT', '/users/erin', 200, { ...stored, metadata: { ...stored.metadata, annotations: { [globalRole]: 'platform-self-provisioner' } }, spec: { ...stored.spec, description: 'new', password: 'Ignored-Pass-1' } })
    t.match(changed.json, { spec: { description: 'new' }, metadata: { annotations: { [globalRole]: 'platform-self-provisioner' } } })
    t.equal((await login('erin')).status, 200, 'the password is not changed on this way')
    await does('admin', 'PUT', '/users/erin', 409, { ...stored, spec: { ...stored.spec, description: 'late' } })
    const { json: bindings } = await does('admin', 'GET', `${raw}/globalrolebindings?labelSelector=iam.kubesphere.io/user-ref%3Derin`, 200)
    t.strictSame(bindings.items.map(({ roleRef }: any) => roleRef.name), ['platform-self-provisioner'], 'one role')
    const { json: now } = await does('admin', 'GET', '/users/erin', 200)
    await does('admin', 'PUT', '/users/erin', 404, { ...now, metadata: { ...now.metadata, annotations: { [globalRole]: 'absent' } }, spec: { ...now.spec, description: 'half' } })
    t.equal((await does('admin', 'GET', '/users/erin', 200)).json.spec.description, 'new', 'a refused change is not half done')
  })

  await t.test('W1: what people may change of themselves', async t => {
    const { json: stored } = await does('carol', 'GET', '/users/carol', 200)
    const asked = {
      ...stored,
      metadata: { ...stored.metadata, labels: { 'iam.kubesphere.io/origin-uid': 'x', own: 'x' }, finalizers: ['x.io/y'], annotations: { ...stored.metadata.annotations, 'iam.kubesphere.io/granted-clusters': 'host', note: 'mine' } },
      spec: { ...stored.spec, groups: ['system:masters', 'team'], description: 'me', password: 'Other-Pass-1' },
      status: { state: 'Disabled' },
    }
    const { json } = await does('carol', 'PUT', '/users/carol', 200, asked)
    t.match(json, { spec: { description: 'me' }, status: { state: 'Active' }, metadata: { annotations: { note: 'mine' } } })
    t.notOk(json.spec.groups, 'groups are not one\'s own to change')
    t.notOk(json.metadata.labels)
    t.strictSame(json.metadata.finalizers, stored.metadata.finalizers)
    t.notOk(json.metadata.annotations['iam.kubesphere.io/granted-clusters'])
    const { text } = await does('carol', 'PUT', '/users/carol', 403, { ...json, metadata: { ...json.metadata, annotations: { [globalRole]: 'platform-admin' } } })
    t.equal(text, 'user.iam.kubesphere.io "carol" is forbidden: update global role binding is not allowed\n')
    await does('carol', 'DELETE', '/users/carol', 403)
    await does('carol', 'GET', '/users/bob', 403)
    await does('carol', 'PUT', '/users/bob', 403, user('bob'))
  })

  await t.test('passwords', async t => {
    const secret = 'Second-Pass-2'
    const put = (who: string, name: string, status: number, body: unknown) => does(who, 'PUT', `/users/${name}/password`, status, body)
    t.equal((await put('dave', 'dave', 400, { currentPassword: 'Wrong-Pass-1', password: secret })).text, 'incorrect old password\n')
    await put('dave', 'dave', 400, { password: secret })
    await put('dave', 'dave', 400, {})
    await put('dave', 'dave', 422, { currentPassword: password, password: 'short' })
    await put('dave', 'dave', 422, { currentPassword: password, password: '' })
    await put('dave', 'dave', 422, { currentPassword: password, password: `Aa1${'ä'.repeat(40)}` })
    await put('dave', 'carol', 403, { currentPassword: password, password: secret })
    await put('admin', 'absent', 404, { password: secret })
    const { json: { access_token: other } } = await login('dave')
    await put('dave', 'dave', 200, { currentPassword: password, password: secret })
    t.equal((await send('GET', '/oauth/userinfo', { as: other })).status, 401, 'W16: other sessions end')
    await does('dave', 'GET', '/users/dave', 200)
    t.equal((await login('dave')).status, 400)
    t.equal((await login('dave', secret)).status, 200)
    await put('admin', 'dave', 400, { currentPassword: 'Wrong-Pass-1', password })
    await put('admin', 'dave', 200, { password })
    await until('admin', `${iam}/users/dave/loginrecords?type=Password`, ({ json }) => json.totalItems >= 2)
    t.match((await does('admin', 'GET', '/users/dave/loginrecords?type=Password', 200)).json.items[0].spec, { success: false, reason: 'incorrect password' }, 'W11: a wrong old password counts')
  })

  await t.test('enabling and disabling', async t => {
    const { json: { access_token: old } } = await login('erin')
    // A reconciler may write between reading and writing: then both are done again.
    const state = async (state: string) => {
      for (;;) {
        const { json } = await does('admin', 'GET', '/users/erin', 200)
        const reply = await ask('admin', 'PUT', `${iam}/users/erin`, { body: { ...json, status: { ...json.status, state } } })
        if (reply.status !== 409) return reply
      }
    }
    t.equal((await state('Disabled')).json.status.state, 'Disabled')
    t.match((await send('GET', `${iam}/users/erin`, { as: old })).json, { code: 401, message: 'Unauthorized: account is not active' })
    t.match((await login('erin')).json, { error_description: 'account is not active' })
    await state('Active')
    t.equal((await login('erin')).status, 200)
    t.equal((await send('GET', `${iam}/users/erin`, { as: old })).status, 401, 'tokens of before stay ended')
  })

  await t.test('removing', async t => {
    const { json: { access_token: old } } = await login('erin')
    await does('admin', 'DELETE', '/users/erin', 200)
    t.equal((await send('GET', `${iam}/users/erin`, { as: old })).status, 401)
    await until('admin', `${iam}/users/erin`, ({ status }) => status === 404)
    t.equal((await does('admin', 'DELETE', '/users/erin', 404)).text, 'users.iam.kubesphere.io "erin" not found\n')
    await until('admin', `${raw}/globalrolebindings/erin-platform-self-provisioner`, ({ status }) => status === 404)
  })
})
