import { isDeepStrictEqual } from 'node:util'
import type { KubeObject } from '../../../core/sdk/index.js'
import type { BindingObject, RoleObject } from '../../../schemas/kube/builtin.js'
import type { Context } from '../context.js'
import { defaultObjects } from '../defaults.js'
import type { Draft } from '../kinds/types.js'
import { adjustObject, createObject, silent } from '../writes.js'
import { covers } from './escalation.js'

export const autoupdate = 'rbac.authorization.kubernetes.io/autoupdate'

/** Creates the roles and bindings that are not there and gives back to the others what they lack, but for those that are marked to be left alone. */
export async function bootstrapRBAC (context: Context): Promise<void> {
  for (const object of defaultObjects) {
    const row = context.rows.ofKind(object.apiVersion ?? '', object.kind ?? '')
    if (!row) continue
    const { name } = object.metadata
    if (context.storage.get(row.bucket, `${row.bucket}/${name}`)) await adjustObject(context, { row, namespace: '', name }, draft => reconciled(draft, object))
    else await createObject(context, row, '', structuredClone(object) as Draft, silent())
  }
}

function reconciled (draft: Draft, wanted: KubeObject): Draft | undefined {
  if (draft.metadata.annotations?.[autoupdate] === 'false') return undefined
  const { labels, annotations } = wanted.metadata
  draft.metadata.labels = { ...draft.metadata.labels, ...labels }
  draft.metadata.annotations = { ...draft.metadata.annotations, ...annotations }
  return 'roleRef' in wanted ? withSubjects(draft, wanted as BindingObject) : withRules(draft, wanted as RoleObject)
}

function withRules (draft: Draft, wanted: RoleObject): Draft {
  const { aggregationRule } = wanted as Draft
  if (aggregationRule) return { ...draft, aggregationRule }
  const own = (draft as RoleObject).rules ?? []
  const missing = (wanted.rules ?? []).filter(rule => !covers(own, [rule]))
  return missing.length ? { ...draft, rules: [...own, ...missing] } : draft
}

function withSubjects (draft: Draft, wanted: BindingObject): Draft {
  const own = (draft as KubeObject as BindingObject).subjects ?? []
  const missing = (wanted.subjects ?? []).filter(subject => !own.some(other => isDeepStrictEqual(other, subject)))
  return missing.length ? { ...draft, subjects: [...own, ...missing] } : draft
}
