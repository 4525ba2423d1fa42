import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import { dashboardDefinitions } from '../../../schemas/monitoring/dashboards-definitions.js'

const published = '../shared/spec/crds.json'
interface Version { name: string, served: boolean, storage: boolean, subresources?: object, schema: { openAPIV3Schema: unknown } }
interface Definition { metadata: { name: string }, spec: { group: string, scope: string, names: object, versions: Version[] } }
interface Published { name: string, scope: string, kind: string, singular: string, listKind: string, versions: { name: string, served: boolean, storage: boolean, openAPIV3Schema: unknown, subresources: object }[] }
const definitions = dashboardDefinitions as unknown as Definition[]

t.test('both kinds have both versions, and one is stored', async t => {
  t.same(definitions.map(({ metadata: { name }, spec: { scope, versions } }) => [name, scope, ...versions.map(({ name, served, storage, subresources }) => [name, served, storage, subresources !== undefined])]), [
    ['dashboards.monitoring.kubesphere.io', 'Namespaced', ['v1alpha1', true, false, true], ['v1alpha2', true, true, true]],
    ['clusterdashboards.monitoring.kubesphere.io', 'Cluster', ['v1alpha1', true, false, false], ['v1alpha2', true, true, false]],
  ])
})

t.test('they accept what the published ones do', { skip: existsSync(published) ? false : `${published} is not here: the published definitions cannot be compared` }, async t => {
  const { crds } = JSON.parse(readFileSync(published, 'utf8')) as { crds: Published[] }
  for (const { metadata: { name }, spec } of definitions) {
    const other = crds.find(one => one.name === name)
    t.match(spec, { scope: other?.scope, names: { kind: other?.kind, singular: other?.singular, listKind: other?.listKind } }, name)
    t.same(spec.versions.map(({ name, served, storage, subresources = {}, schema: { openAPIV3Schema } }) => ({ name, served, storage, subresources, openAPIV3Schema })), other?.versions.map(({ name, served, storage, subresources, openAPIV3Schema }) => ({ name, served, storage, subresources, openAPIV3Schema })), name)
  }
})
