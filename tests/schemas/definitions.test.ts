import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import { iamDefinitions } from '../../schemas/iam/definitions.js'
import { tenantDefinitions } from '../../schemas/tenant/definitions.js'

const published = '../shared/spec/crds.json'

interface Definition { metadata: { name: string }, spec: { group: string, scope: string, names: Record<string, unknown>, versions: { name: string, schema: { openAPIV3Schema: unknown }, additionalPrinterColumns?: unknown[], subresources?: object }[] } }
interface Published { name: string, kind: string, singular: string, listKind: string, scope: string, categories: string[], shortNames: string[], needed: string, versions: { name: string, openAPIV3Schema: unknown, additionalPrinterColumns: unknown[], subresources: object }[] }

const ours = [...iamDefinitions, ...tenantDefinitions] as unknown as Definition[]

/** Order says nothing in a list of required fields. */
const ordered = (value: unknown): unknown => JSON.parse(JSON.stringify(value), (key, inner: unknown) => key === 'required' && Array.isArray(inner) ? inner.toSorted() : inner)

t.test('every definition is the published one', { skip: existsSync(published) ? false : `${published} is not here: the published definitions cannot be compared` }, async t => {
  const { crds } = JSON.parse(readFileSync(published, 'utf8')) as { crds: Published[] }
  const core = crds.filter(({ needed }) => needed === 'core')
  t.strictSame(ours.map(({ metadata }) => metadata.name).sort(), core.map(({ name }) => name).sort())
  for (const { name, kind, singular, listKind, scope, categories, shortNames, versions } of core) {
    const own = ours.find(({ metadata }) => metadata.name === name)?.spec
    t.match(own, { scope, names: { kind, singular, listKind, ...(categories.length ? { categories } : {}), ...(shortNames.length ? { shortNames } : {}) } }, name)
    for (const version of versions) {
      const served = own?.versions.find(one => one.name === version.name)
      t.strictSame(ordered(served?.schema.openAPIV3Schema), ordered(version.openAPIV3Schema), `${name} ${version.name}`)
      t.strictSame(served?.additionalPrinterColumns ?? [], version.additionalPrinterColumns)
      t.strictSame(served?.subresources ?? {}, version.subresources)
    }
  }
})

t.test('a definition is whole', async t => {
  for (const { metadata: { name }, spec } of ours) {
    t.equal(name, `${String(spec.names.plural)}.${spec.group}`)
    t.ok(spec.versions.every(({ schema }) => (schema.openAPIV3Schema as { type?: string }).type === 'object'), name)
  }
})
