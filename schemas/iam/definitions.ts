import { Type } from '@sinclair/typebox'
import { age, Anything, definitionOf, fields, mapOf, Nothing, ofWorkspace, optional, PolicyRules, RoleRef, Subjects, text, Texts, Time, type PrinterColumn } from '../kube/crd.js'
import { defineKind } from '../kube/object.js'
import { globalRoleBindings, globalRoles, groupBindings, groups, loginRecords, roleBases, users, workspaceRoleBindings, workspaceRoles } from './v1alpha2.js'

/** Letters of both cases and a digit in any order, or a bcrypt hash. */
const pattern = '^(.*[a-z].*[A-Z].*[0-9].*)$|^(.*[a-z].*[0-9].*[A-Z].*)$|^(.*[A-Z].*[a-z].*[0-9].*)$|^(.*[A-Z].*[0-9].*[a-z].*)$|^(.*[0-9].*[a-z].*[A-Z].*)$|^(.*[0-9].*[A-Z].*[a-z].*)$|^(\\$2[ayb]\\$.{56})$'

const UserSpec = fields({
  email: text,
  lang: optional(text),
  description: optional(text),
  displayName: optional(text),
  groups: optional(Texts),
  password: optional(Type.String({ minLength: 8, maxLength: 64, pattern })),
})
const UserStatus = fields({ state: optional(text), reason: optional(text), lastTransitionTime: optional(Time), lastLoginTime: optional(Time) })
const LoginRecordSpec = fields({ type: text, provider: text, sourceIP: text, userAgent: optional(text), success: Type.Boolean(), reason: text })

const columnsOf = (...rows: readonly (readonly [string, string])[]): PrinterColumn[] => rows.map(([name, jsonPath]) => ({ name, type: 'string', jsonPath }))
const iam = ['iam']
const group = ['group']

/** Federation's copies exist wherever the group does, so that clients find them. */
const federated = (resource: string, kind: string) => defineKind('iam.kubesphere.io/v1alpha2', resource, kind, { namespaced: true })
const placed = (template: ReturnType<typeof fields>) => ({
  spec: fields({
    placement: fields({ clusters: optional(Type.Array(fields({ name: text }))), clusterSelector: optional(fields({ matchLabels: optional(mapOf(text)) })) }),
    template,
  }),
})

/** The CustomResourceDefinitions of iam.kubesphere.io. */
export const iamDefinitions = [
  definitionOf(users, { properties: { spec: UserSpec, status: optional(UserStatus) }, categories: iam, columns: columnsOf(['Email', '.spec.email'], ['Status', '.status.state']) }),
  definitionOf(loginRecords, {
    properties: { spec: LoginRecordSpec },
    categories: iam,
    columns: [...columnsOf(['Type', '.spec.type'], ['Provider', '.spec.provider'], ['From', '.spec.sourceIP'], ['Success', '.spec.success'], ['Reason', '.spec.reason']), age],
  }),
  definitionOf(globalRoles, { properties: { rules: optional(PolicyRules) }, categories: iam }),
  definitionOf(globalRoleBindings, { properties: { subjects: optional(Subjects), roleRef: RoleRef }, categories: iam }),
  definitionOf(workspaceRoles, { properties: { rules: optional(PolicyRules) }, categories: iam, columns: [ofWorkspace, ...columnsOf(['Alias', '.metadata.annotations.kubesphere\\.io/alias-name'])] }),
  definitionOf(workspaceRoleBindings, { properties: { subjects: optional(Subjects), roleRef: RoleRef }, categories: iam, columns: [ofWorkspace] }),
  definitionOf(roleBases, { properties: { role: Type.Unsafe({ ...Anything, 'x-kubernetes-embedded-resource': true }) }, categories: iam }),
  definitionOf(groups, { properties: { spec: optional(Nothing), status: optional(Nothing) }, categories: group, columns: [ofWorkspace] }),
  definitionOf(groupBindings, {
    properties: { groupRef: optional(fields({ apiGroup: optional(text), kind: optional(text), name: optional(text) })), users: optional(Texts) },
    categories: group,
    columns: columnsOf(['Group', '.groupRef.name'], ['Users', '.users']),
  }),
  definitionOf(federated('federatedusers', 'FederatedUser'), { properties: placed(fields({ metadata: optional(Nothing), spec: UserSpec, status: optional(UserStatus) })) }),
  definitionOf(federated('federatedroles', 'FederatedRole'), { properties: placed(fields({ metadata: optional(Nothing), rules: optional(PolicyRules) })) }),
  definitionOf(federated('federatedrolebindings', 'FederatedRoleBinding'), { properties: placed(fields({ metadata: optional(Nothing), subjects: optional(Subjects), roleRef: RoleRef })) }),
]
