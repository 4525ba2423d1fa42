import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import { alertingDefinitions } from '../../../schemas/alerting/definitions.js'

const published = '../shared/spec/crds.json'

interface Definition { metadata: { name: string }, spec: { scope: string, names: Record<string, unknown>, versions: { name: string, schema: { openAPIV3Schema: unknown }, subresources?: object }[] } }
interface Published { name: string, group: string, kind: string, singular: string, listKind: string, scope: string, versions: { name: string, openAPIV3Schema: unknown, subresources: object }[] }

const ours = alertingDefinitions as unknown as Definition[]
/** Order says nothing in a list of required fields. */
const ordered = (value: unknown): unknown => JSON.parse(JSON.stringify(value), (key, inner: unknown) => key === 'required' && Array.isArray(inner) ? inner.toSorted() : inner)

t.test('every definition is the published one', { skip: existsSync(published) ? false : `${published} is not here: the published definitions cannot be compared` }, async t => {
  const { crds } = JSON.parse(readFileSync(published, 'utf8')) as { crds: Published[] }
  const theirs = crds.filter(({ group }) => group === 'alerting.kubesphere.io')
  t.strictSame(ours.map(({ metadata }) => metadata.name).sort(), theirs.map(({ name }) => name).sort())
  for (const { name, kind, singular, listKind, scope, versions: [version] } of theirs) {
    const own = ours.find(({ metadata }) => metadata.name === name)?.spec
    t.match(own, { scope, names: { kind, singular, listKind } }, name)
    t.strictSame(ordered(own?.versions[0]?.schema.openAPIV3Schema), ordered(version?.openAPIV3Schema), name)
    t.strictSame(own?.versions[0]?.subresources, version?.subresources)
  }
})
