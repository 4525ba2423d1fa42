import { isRecord, type KubeObject } from '../../../core/sdk/index.js'
import { invalidValue, invalidValues, namedValue, requiredValue, unsupportedValue } from '../causes.js'
import { pathSegmentProblems, subdomainProblems } from '../names.js'
import { at, listAt, recordAt, textAt } from './cells.js'
import { ageColumn, builtin, column, createdColumn, fill, wide } from './row.js'
import { changed, oneOf, printed } from './rules.js'
import { selectorCauses } from './selectors.js'
import type { Cause, KindRow } from './types.js'

const group = 'rbac.authorization.k8s.io'
const apiVersion = `${group}/v1`
const filled = (value: unknown): boolean => Array.isArray(value) && value.length > 0

function pathCauses (rule: Record<string, unknown>, namespaced: boolean, field: string): Cause[] {
  const mixed = ['apiGroups', 'resources', 'resourceNames'].some(key => filled(rule[key]))
  return [
    ...namespaced ? [invalidValue(field, rule.nonResourceURLs, 'namespaced rules cannot apply to non-resource URLs')] : [],
    ...mixed ? [invalidValue(field, rule.nonResourceURLs, 'rules cannot apply to both regular resources and non-resource URLs')] : [],
  ]
}

const ruleCauses = (object: KubeObject, namespaced: boolean): Cause[] => listAt(object, 'rules').flatMap((rule, i) => {
  const field = `rules[${i}]`
  const verbs = filled(rule.verbs) ? [] : [requiredValue(`${field}.verbs`, 'verbs must contain at least one value')]
  if (filled(rule.nonResourceURLs)) return [...verbs, ...pathCauses(rule, namespaced, `${field}.nonResourceURLs`)]
  return [
    ...verbs,
    ...filled(rule.apiGroups) ? [] : [requiredValue(`${field}.apiGroups`, 'resource rules must supply at least one api group')],
    ...filled(rule.resources) ? [] : [requiredValue(`${field}.resources`, 'resource rules must supply at least one resource')],
  ]
})

function aggregationCauses (object: KubeObject): Cause[] {
  if (!isRecord(at(object, 'aggregationRule'))) return []
  const [field, selectors] = ['aggregationRule.clusterRoleSelectors', listAt(object, 'aggregationRule.clusterRoleSelectors')]
  if (selectors.length === 0) return [requiredValue(field, 'at least one clusterRoleSelector required if aggregationRule is non-nil')]
  return selectors.flatMap((selector, i) => selectorCauses(selector, `${field}[${i}]`))
}

const role = (resource: string, kind: string, namespaced: boolean): KindRow => builtin(apiVersion, resource, kind, {
  namespaced,
  strategy: {
    names: 'path',
    // Kubernetes writes a role without rules as null.
    defaults: draft => { if (draft.rules === undefined) draft.rules = null },
    validate: object => [...ruleCauses(object, namespaced), ...aggregationCauses(object)],
  },
  columns: [createdColumn],
})

const subjectKinds = ['ServiceAccount', 'User', 'Group']

function accountCauses ({ name, namespace, apiGroup }: Record<string, unknown>, namespaced: boolean, field: string): Cause[] {
  return [
    ...typeof name === 'string' && name ? invalidValues(`${field}.name`, name, subdomainProblems(name)) : [],
    ...apiGroup ? [unsupportedValue(`${field}.apiGroup`, apiGroup, [''])] : [],
    ...namespaced || namespace ? [] : [requiredValue(`${field}.namespace`)],
  ]
}

const subjectCauses = (object: KubeObject, namespaced: boolean): Cause[] => listAt(object, 'subjects').flatMap((subject, i) => {
  const [field, { name, kind, apiGroup = '' }] = [`subjects[${i}]`, subject]
  const unnamed = name ? [] : [requiredValue(`${field}.name`)]
  if (kind === 'ServiceAccount') return [...unnamed, ...accountCauses(subject, namespaced, field)]
  return [...unnamed, ...subjectKinds.includes(String(kind)) ? oneOf(`${field}.apiGroup`, apiGroup, [group]) : [unsupportedValue(`${field}.kind`, kind ?? '', subjectKinds)]]
})

function roleCauses (object: KubeObject, namespaced: boolean, stored?: KubeObject): Cause[] {
  const { apiGroup = '', kind = '' } = recordAt(object, 'roleRef')
  const reference = printed(recordAt(object, 'roleRef'), { APIGroup: 'apiGroup', Kind: 'kind', Name: 'name' })
  return [
    ...oneOf('roleRef.apiGroup', apiGroup, [group]),
    ...oneOf('roleRef.kind', kind, namespaced ? ['Role', 'ClusterRole'] : ['ClusterRole']),
    ...namedValue('roleRef.name', textAt(object, 'roleRef.name'), pathSegmentProblems),
    ...subjectCauses(object, namespaced),
    ...changed(object, stored, 'roleRef') ? [invalidValue('roleRef', reference, 'cannot change roleRef')] : [],
  ]
}

const names = (kind: string) => (object: KubeObject): string =>
  listAt(object, 'subjects').filter(subject => subject.kind === kind).map(({ name, namespace }) => kind === 'ServiceAccount' && namespace ? `${String(namespace)}/${String(name)}` : String(name)).join(', ')

const binding = (resource: string, kind: string, namespaced: boolean): KindRow => builtin(apiVersion, resource, kind, {
  namespaced,
  strategy: {
    names: 'path',
    defaults: draft => {
      if (isRecord(draft.roleRef) && !draft.roleRef.apiGroup) draft.roleRef.apiGroup = group
      for (const subject of listAt(draft, 'subjects')) if (subject.kind === 'User' || subject.kind === 'Group') fill(subject, { apiGroup: group })
    },
    validate: (object, stored) => roleCauses(object, namespaced, stored),
  },
  columns: [
    column('Role', 'string', object => `${textAt(object, 'roleRef.kind')}/${textAt(object, 'roleRef.name')}`),
    ageColumn,
    wide('Users', 'string', names('User')),
    wide('Groups', 'string', names('Group')),
    wide('ServiceAccounts', 'string', names('ServiceAccount')),
  ],
})

export const rbacKinds: readonly KindRow[] = [binding('clusterrolebindings', 'ClusterRoleBinding', false), role('clusterroles', 'ClusterRole', false), binding('rolebindings', 'RoleBinding', true), role('roles', 'Role', true)]
