// Writes plugins/kube-embedded/kinds/schemas.ts: the shapes of the built-in kinds, read from the OpenAPI documents of a real kube-apiserver. Run it for another version of Kubernetes.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startCluster, version } from '../../tests/helpers/cluster.js'
import { apiOver, type Json } from '../../tests/helpers/kube-api.js'
import { root } from '../../tests/helpers/process.js'

/** Groups that the embedded Kubernetes does not serve. */
const left = /^io\.k8s\.api\.(resource|flowcontrol)\./

/** Shapes without words: descriptions are prose, and nothing reads them. */
function shapeOf (value: unknown, isMap = false): unknown {
  if (Array.isArray(value)) return value.map(item => shapeOf(item))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).filter(([key, item]) => isMap || key !== 'description' || typeof item !== 'string').map(([key, item]) => [key, shapeOf(item, key === 'properties')]))
}

const ends: (() => unknown)[] = []
try {
  const { transport } = await startCluster({ teardown: end => { ends.unshift(end) } }, { controllers: false })
  const api = apiOver(transport)
  const { paths } = (await api.call('GET', '/openapi/v3')).json as { paths: Record<string, { serverRelativeURL: string }> }
  const schemas: Record<string, unknown> = {}
  for (const { serverRelativeURL } of Object.values(paths)) {
    const { components } = (await api.call('GET', serverRelativeURL)).json as { components?: { schemas?: Record<string, Json> } }
    for (const [name, schema] of Object.entries(components?.schemas ?? {})) if (!left.test(name)) schemas[name] = shapeOf(schema)
  }
  const lines = Object.entries(schemas).sort(([a], [b]) => a < b ? -1 : 1).map(([name, schema]) => `  '${name}': '${JSON.stringify(schema).replaceAll('\\', '\\\\').replaceAll('\'', '\\\'')}',`)
  writeFileSync(join(root, 'plugins/kube-embedded/kinds/schemas.ts'), `// Made by scripts/real/schemas.ts from the OpenAPI documents of kube-apiserver ${version}.

/** The schemas of the built-in kinds and of their parts, each as JSON, by their names in Kubernetes. */
export const schemas: Readonly<Record<string, string>> = {
${lines.join('\n')}
}
`)
  console.log(`${lines.length} schemas`)
} finally {
  for (const end of ends) await end()
}
