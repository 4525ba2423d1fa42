import { annotations, labels, globalRoles, roleBases, workspaceRoles, type RoleBase } from '../../../schemas/iam/v1alpha2.js'
import { clusterRoles, roles, type PolicyRule, type RoleObject } from '../../../schemas/kube/builtin.js'
import { apiVersionOf, type Kind } from '../../../schemas/kube/object.js'

/** `[verbs, apiGroups, resources]` or `[verbs, nonResourceURLs]`, each a list of words; no word before the first space is the core group. */
export type RuleRow = readonly [string, string, string] | readonly [string, string]

/** A built-in role. Lists are words in one text; two spaces are one in the JSON that installers of 3.x have always written. */
export interface RoleRow {
  name: string
  /** A part that roles are put together from: `offered` in the role editor, or `hidden` there. */
  template?: 'offered' | 'hidden'
  /** Marked as federation's. */
  federated?: true
  title?: string
  module?: string
  /** What the console's menus show to whoever has the template. */
  menus?: Readonly<Record<string, string>> | string
  /** A role that people are given as it is, by its creator's name. */
  preset?: 'system' | 'admin'
  /** Templates without which this one is of no use. */
  needs?: string
  /** Templates that the role is put together from. */
  includes?: string
  rules?: readonly RuleRow[]
  /** The policy text that Go replicas run; here it is built in (core/auth/self-service.ts). */
  policy?: string
  /** Written with an empty map of annotations. */
  bare?: true
  /** Name of the RoleBase, where it is not the role's. */
  base?: string
  /** Where copies are made: `namespace`, `devops`. */
  scopes?: string
}

const words = (text: string): string[] => text.split(' ')
const list = (text: string): string => `[${text && text.split('  ').map(part => words(part).map(word => JSON.stringify(word)).join(',')).join(', ')}]`

const ruleOf = ([verbs, second, resources]: RuleRow): PolicyRule => resources === undefined
  ? { nonResourceURLs: words(second), verbs: words(verbs) }
  : { apiGroups: words(second), resources: words(resources), verbs: words(verbs) }

/** The annotation as the console's editor has always written it: JSON with a space after each colon. */
const menusOf = (menus: Readonly<Record<string, string>> | string): string => typeof menus === 'string' ? menus : `{${Object.entries(menus).map(([menu, right]) => `${JSON.stringify(menu)}: ${JSON.stringify(right)}`).join(', ')}}`

function annotationsOf ({ needs, includes, module, menus, title, preset, policy }: RoleRow): Record<string, string> {
  return {
    ...(includes === undefined ? {} : { [annotations.aggregationRoles]: list(includes) }),
    ...(needs === undefined ? {} : { [annotations.dependencies]: list(needs) }),
    ...(module === undefined ? {} : { [annotations.module]: module }),
    ...(menus === undefined ? {} : { [annotations.templateRules]: menusOf(menus) }),
    ...(title === undefined ? {} : { [annotations.alias]: title }),
    ...(preset ? { [annotations.creator]: preset } : {}),
    ...(policy === undefined ? {} : { [annotations.regoOverride]: policy }),
  }
}

const filled = (record: Record<string, string>): boolean => Object.keys(record).length > 0

/** The role of a row, as an object of its kind. */
export function roleOf (kind: Kind<RoleObject>, row: RoleRow): RoleObject {
  const ownLabels: Record<string, string> = {
    ...(row.template ? { [labels.roleTemplate]: String(row.template === 'offered') } : {}),
    ...(row.federated ? { [labels.federated]: 'true' } : {}),
  }
  const ownAnnotations = annotationsOf(row)
  return {
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
    metadata: { name: row.name, ...(filled(ownLabels) ? { labels: ownLabels } : {}), ...(filled(ownAnnotations) || row.bare ? { annotations: ownAnnotations } : {}) },
    rules: (row.rules ?? []).map(ruleOf),
  }
}

/** The RoleBase that a role is copied from. */
export function roleBaseOf (kind: Kind<RoleObject>, row: RoleRow): RoleBase {
  const scopes = Object.fromEntries(row.scopes ? words(row.scopes).map(scope => [`scope.kubesphere.io/${scope}`, '']) : [])
  return {
    apiVersion: apiVersionOf(roleBases),
    kind: roleBases.kind,
    metadata: { name: row.base ?? row.name, ...(filled(scopes) ? { labels: scopes } : {}) },
    role: roleOf(kind, row),
  }
}

export const roleKinds = { global: globalRoles, cluster: clusterRoles, workspace: workspaceRoles, project: roles } as const
