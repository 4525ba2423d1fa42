import { isDeepStrictEqual } from 'node:util'
import type { KubeObject } from '../../../core/sdk/index.js'
import { invalidValue, requiredValue } from '../metadata.js'
import { at, isRecord, listAt, recordAt, textAt } from './cells.js'
import { list, record, selector, text } from './fragments.js'
import { ageColumn, builtin, column, fill, wide } from './row.js'
import type { Cause, KindRow } from './types.js'

const group = 'rbac.authorization.k8s.io'
const apiVersion = `${group}/v1`
const rule = record({ verbs: list(text), apiGroups: list(text), resources: list(text), resourceNames: list(text), nonResourceURLs: list(text) })
const filled = (value: unknown): boolean => Array.isArray(value) && value.length > 0

function ruleCauses (namespaced: boolean) {
  return (object: KubeObject): Cause[] => listAt(object, 'rules').flatMap((one, i) => {
    const field = `rules[${i}]`
    const verbs = filled(one.verbs) ? [] : [requiredValue(`${field}.verbs`, 'verbs must contain at least one value')]
    if (filled(one.nonResourceURLs)) {
      if (namespaced) return [...verbs, invalidValue(`${field}.nonResourceURLs`, one.nonResourceURLs, 'namespaced rules cannot apply to non-resource URLs')]
      return filled(one.apiGroups) || filled(one.resources) || filled(one.resourceNames) ? [...verbs, invalidValue(`${field}.nonResourceURLs`, one.nonResourceURLs, 'rules cannot apply to both regular resources and non-resource URLs')] : verbs
    }
    return [
      ...verbs,
      ...(filled(one.apiGroups) ? [] : [requiredValue(`${field}.apiGroups`, 'resource rules must supply at least one api group')]),
      ...(filled(one.resources) ? [] : [requiredValue(`${field}.resources`, 'resource rules must supply at least one resource')]),
    ]
  })
}

const createdAt = column('Created At', 'string', ({ metadata }) => metadata.creationTimestamp, 'When the object was created.')

const role = (resource: string, kind: string, namespaced: boolean): KindRow => builtin(apiVersion, resource, kind, {
  namespaced,
  properties: { rules: list(rule), ...(namespaced ? {} : { aggregationRule: record({ clusterRoleSelectors: list(selector) }) }) },
  strategy: {
    names: 'path',
    // Kubernetes writes a role without rules as null.
    defaults: draft => { if (draft.rules === undefined) draft.rules = null },
    validate: ruleCauses(namespaced),
  },
  columns: [createdAt],
})

const subjectKinds = new Set(['User', 'Group', 'ServiceAccount'])

function subjectCauses (object: KubeObject): Cause[] {
  return listAt(object, 'subjects').flatMap(({ kind, name, namespace }, i) => {
    const field = `subjects[${i}]`
    return [
      ...(typeof name === 'string' && name ? [] : [requiredValue(`${field}.name`)]),
      ...(subjectKinds.has(String(kind)) ? [] : [{ reason: 'FieldValueNotSupported', message: `Unsupported value: ${JSON.stringify(kind ?? '')}: supported values: "Group", "ServiceAccount", "User"`, field: `${field}.kind` }]),
      ...(kind === 'ServiceAccount' && !namespace ? [requiredValue(`${field}.namespace`)] : []),
    ]
  })
}

const names = (kind: string) => (object: KubeObject): string => listAt(object, 'subjects').filter(subject => subject.kind === kind).map(({ name, namespace }) => kind === 'ServiceAccount' ? `${String(namespace)}/${String(name)}` : String(name)).join(', ')

const binding = (resource: string, kind: string, namespaced: boolean): KindRow => builtin(apiVersion, resource, kind, {
  namespaced,
  properties: { subjects: list(record({ kind: text, apiGroup: text, name: text, namespace: text })), roleRef: record({ apiGroup: text, kind: text, name: text }) },
  strategy: {
    names: 'path',
    defaults: draft => {
      if (isRecord(draft.roleRef) && !draft.roleRef.apiGroup) draft.roleRef.apiGroup = group
      for (const subject of listAt(draft, 'subjects')) if (subject.kind !== 'ServiceAccount') fill(subject, { apiGroup: group })
    },
    validate: (object, stored) => {
      const kinds = namespaced ? ['ClusterRole', 'Role'] : ['ClusterRole']
      const { kind, apiGroup } = recordAt(object, 'roleRef')
      return [
        ...(apiGroup === group || apiGroup === undefined ? [] : [{ reason: 'FieldValueNotSupported', message: `Unsupported value: ${JSON.stringify(apiGroup)}: supported values: "${group}"`, field: 'roleRef.apiGroup' }]),
        ...(kinds.includes(String(kind)) ? [] : [{ reason: 'FieldValueNotSupported', message: `Unsupported value: ${JSON.stringify(kind ?? '')}: supported values: ${kinds.map(one => `"${one}"`).join(', ')}`, field: 'roleRef.kind' }]),
        ...(textAt(object, 'roleRef.name') ? [] : [requiredValue('roleRef.name')]),
        ...subjectCauses(object),
        ...(stored && !isDeepStrictEqual(at(object, 'roleRef'), at(stored, 'roleRef')) ? [invalidValue('roleRef', at(object, 'roleRef'), 'cannot change roleRef')] : []),
      ]
    },
  },
  columns: [
    column('Role', 'string', object => `${textAt(object, 'roleRef.kind')}/${textAt(object, 'roleRef.name')}`),
    ageColumn,
    wide('Users', 'string', names('User')),
    wide('Groups', 'string', names('Group')),
    wide('ServiceAccounts', 'string', names('ServiceAccount')),
  ],
})

export const rbacKinds: readonly KindRow[] = [role('clusterroles', 'ClusterRole', false), binding('clusterrolebindings', 'ClusterRoleBinding', false), role('roles', 'Role', true), binding('rolebindings', 'RoleBinding', true)]
