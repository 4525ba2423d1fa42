import { isRecord } from '../../../core/sdk/index.js'
import { schemaNamed, schemaNameOf } from '../kinds/shapes.js'
import type { KindRow } from '../kinds/types.js'

export type Schema = Record<string, unknown>

const prefix = '#/components/schemas/'
const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1'

export const pathOf = (group: string, version: string) => group ? `apis/${group}/${version}` : `api/${version}`
export const ref = (name: string) => ({ $ref: `${prefix}${name}` })
export const gvk = ({ group, version, kind }: Pick<KindRow, 'group' | 'version' | 'kind'>) => ({ group, version, kind })

/** The name under which a kind is published: `io.k8s.api.apps.v1.Deployment`, `io.kubesphere.iam.v1alpha2.User`. */
export const nameOf = ({ group, version, kind, crd }: KindRow): string =>
  crd ? `${group.split('.').reverse().join('.')}.${version}.${kind}` : schemaNameOf(group, version, kind)
/** The name of what its list answers. */
export const listName = (row: KindRow): string => nameOf({ ...row, kind: row.listKind })

const typed = {
  apiVersion: { type: 'string', description: 'APIVersion defines the versioned schema of this representation of an object.' },
  kind: { type: 'string', description: 'Kind is a string value representing the REST resource this object represents.' },
}

const isReference = (schema: unknown) => isRecord(schema) && (schema['$ref'] !== undefined || schema['allOf'] !== undefined)
const metadataOf = (own: unknown) => isReference(own) ? own : { description: 'Standard object\'s metadata.', allOf: [ref(`${meta}.ObjectMeta`)] }

/** The schema of a kind, with what every object has where it does not say so itself. */
function kindSchema (row: KindRow): Schema {
  const own = row.openapi ?? schemaNamed(nameOf(row))
  const properties = own?.['properties'] as Schema | undefined
  return { type: 'object', ...own, properties: { ...typed, ...properties, metadata: metadataOf(properties?.['metadata']) }, 'x-kubernetes-group-version-kind': [gvk(row)] }
}

const listSchema = (row: KindRow): Schema => schemaNamed(listName(row)) ?? {
  type: 'object',
  description: `${row.listKind} is a list of ${row.kind}`,
  required: ['items'],
  properties: { ...typed, items: { type: 'array', description: `List of ${row.resource}.`, items: ref(nameOf(row)) }, metadata: { description: 'Standard list metadata.', allOf: [ref(`${meta}.ListMeta`)] } },
  'x-kubernetes-group-version-kind': [gvk({ ...row, kind: row.listKind })],
}

/** A reference that leads nowhere would make clients refuse the whole document; what it names stays open instead. */
const open: Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }

const referred = (schema: unknown): string[] => [...JSON.stringify(schema).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name = '']) => name)

/** The schemas of some kinds and of whatever they, and `more`, refer to. */
export function schemasOf (rows: readonly KindRow[], more: unknown): Record<string, Schema> {
  const schemas: Record<string, Schema> = {}
  for (const row of rows) {
    schemas[nameOf(row)] = kindSchema(row)
    if (row.verbs.includes('list')) schemas[listName(row)] = listSchema(row)
  }
  const waiting = [...referred(more), ...referred(schemas)]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (Object.hasOwn(schemas, name)) continue
    const schema = schemaNamed(name) ?? open
    schemas[name] = schema
    waiting.push(...referred(schema))
  }
  return Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => a < b ? -1 : 1))
}
