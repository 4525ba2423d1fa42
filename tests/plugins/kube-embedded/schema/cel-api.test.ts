import t from 'tap'
import { embeddedApi, type Json } from '../../../helpers/embedded-api.js'
import { someKinds } from '../../../helpers/rows.js'

const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
const ranges = '/apis/example.com/v1/ranges'

const spec = {
  type: 'object',
  properties: { min: { type: 'integer', default: 1 }, max: { type: 'integer' }, class: { type: 'string', 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'class is immutable' }] } },
  'x-kubernetes-validations': [{ rule: '!has(self.max) || self.min <= self.max', message: 'min must not be more than max', fieldPath: '.min' }],
}
const status = { type: 'object', properties: { used: { type: 'integer', 'x-kubernetes-validations': [{ rule: 'self >= oldSelf' }] } } }
const definition = (rule = '!has(self.spec) || self.metadata.name.startsWith("r-")') => ({
  kind: 'CustomResourceDefinition',
  apiVersion: 'apiextensions.k8s.io/v1',
  metadata: { name: 'ranges.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Cluster',
    names: { plural: 'ranges', kind: 'Range' },
    versions: [{ name: 'v1', served: true, storage: true, subresources: { status: {} }, schema: { openAPIV3Schema: { type: 'object', properties: { spec, status }, 'x-kubernetes-validations': [{ rule }] } } }],
  },
})
const range = (name: string, spec: Json) => ({ kind: 'Range', apiVersion: 'example.com/v1', metadata: { name }, spec })

t.test('a definition with rules', async t => {
  const { call, kube } = await embeddedApi(t, { kinds: someKinds })
  await kube.settled()
  const wrong = await call('POST', crds, definition('self.nothing'))
  t.match(wrong.json, { code: 422, reason: 'Invalid', details: { causes: [{ reason: 'FieldValueInvalid', field: 'spec.validation.openAPIV3Schema.x-kubernetes-validations[0].rule', message: /compilation failed: ERROR: <input>:1:5: undefined field 'nothing'/ }] } })
  t.equal((await call('POST', crds, definition())).status, 201)

  const refused = await call('POST', ranges, range('r-a', { max: 0 }))
  t.match(refused.json, { code: 422, message: 'Range.example.com "r-a" is invalid: spec.min: Invalid value: "object": min must not be more than max', details: { causes: [{ reason: 'FieldValueInvalid', field: 'spec.min' }] } }, 'rules see defaults')
  t.match((await call('POST', ranges, range('a', {}))).json, { code: 422, message: 'Range.example.com "a" is invalid: <nil>: Invalid value: "object": failed rule: !has(self.spec) || self.metadata.name.startsWith("r-")' })
  const { status, json } = await call('POST', ranges, range('r-a', { max: 3, class: 'x' }))
  t.equal(status, 201)

  const changed = await call('PUT', `${ranges}/r-a`, { ...json, spec: { max: 4, class: 'y' } })
  t.match(changed.json, { code: 422, message: 'Range.example.com "r-a" is invalid: spec.class: Invalid value: "string": class is immutable' })
  t.equal((await call('PATCH', `${ranges}/r-a`, { spec: { max: 4 } }, { type: 'application/merge-patch+json' })).status, 200)

  const used = (count: number) => call('PATCH', `${ranges}/r-a/status`, { status: { used: count } }, { type: 'application/merge-patch+json' })
  t.equal((await used(2)).status, 200)
  t.match((await used(1)).json, { code: 422, details: { causes: [{ field: 'status.used', message: 'Invalid value: "integer": failed rule: self >= oldSelf' }] } })
})
