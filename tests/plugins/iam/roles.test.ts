import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import { builtinRoles } from '../../../plugins/iam/roles/index.js'
import type { RoleObject } from '../../../schemas/kube/builtin.js'

const published = '../shared/spec/builtin-roles.json'

interface Row { regoOverride?: { annotation: string, sha256OfText: string }, apiVersion: string, kind: string, name: string, labels: Record<string, string>, annotations: Record<string, string>, rules?: RoleObject['rules'], role?: Row, subjects?: unknown, roleRef?: unknown }

const policy = 'iam.kubesphere.io/rego-override'
const metadataOf = ({ name, labels, annotations: written, regoOverride }: Row) => {
  const annotations = { ...written, ...(regoOverride ? { [policy]: regoOverride.sha256OfText } : {}) }
  return { name, ...(Object.keys(labels).length ? { labels } : {}), ...(Object.keys(annotations).length ? { annotations } : {}) }
}
/** JSON in an annotation: how it is spaced says nothing. */
const nested = new Set(['iam.kubesphere.io/role-template-rules', 'iam.kubesphere.io/aggregation-roles', 'iam.kubesphere.io/dependencies'])
const read = (key: string, inner: unknown): unknown => {
  if (nested.has(key)) return JSON.parse(String(inner))
  if (key === policy && String(inner).length !== 64) return createHash('sha256').update(String(inner)).digest('hex')
  return key === 'annotations' && JSON.stringify(inner) === '{}' ? undefined : inner
}
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value), read)
const roleOf = (row: Row) => ({ apiVersion: row.apiVersion, kind: row.kind, metadata: metadataOf(row), rules: row.rules ?? [] })
const objectOf = (row: Row) => {
  if (row.role) return { apiVersion: row.apiVersion, kind: row.kind, metadata: metadataOf(row), role: roleOf(row.role) }
  return row.roleRef ? { apiVersion: row.apiVersion, kind: row.kind, metadata: metadataOf(row), subjects: row.subjects, roleRef: row.roleRef } : roleOf(row)
}
const sets = { GlobalRole: builtinRoles.global, ClusterRole: builtinRoles.cluster, WorkspaceRole: builtinRoles.workspace, RoleBase: builtinRoles.bases, GlobalRoleBinding: builtinRoles.bindings } as const

t.test('built-in roles are the published ones', { skip: existsSync(published) ? false : `${published} is not here: the published roles cannot be compared` }, async t => {
  const { sets: { '3.4.1': rows } } = JSON.parse(readFileSync(published, 'utf8')) as { sets: Record<'3.4.1', Row[]> }
  for (const [kind, ours] of Object.entries(sets)) {
    const theirs = rows.filter(row => row.kind === kind)
    t.strictSame(ours.map(({ metadata }) => metadata.name).sort(), theirs.map(({ name }) => name).sort(), `names of ${kind}`)
    for (const row of theirs) t.strictSame(plain(ours.find(({ metadata }) => metadata.name === row.name)), plain(objectOf(row)), `${kind} ${row.name}`)
  }
})

t.test('roles that are put together name templates that exist', async t => {
  for (const [kind, ours] of Object.entries({ GlobalRole: builtinRoles.global, ClusterRole: builtinRoles.cluster })) {
    const names = new Set(ours.map(({ metadata }) => metadata.name))
    for (const { metadata } of ours) {
      const parts = JSON.parse(metadata.annotations?.['iam.kubesphere.io/aggregation-roles'] ?? '[]') as string[]
      t.strictSame(parts.filter(part => !names.has(part)), [], `${kind} ${metadata.name}`)
    }
  }
})
