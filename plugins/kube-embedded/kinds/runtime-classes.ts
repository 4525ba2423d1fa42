import { isRecord, type KubeObject } from '../../../core/sdk/index.js'
import { invalidValues } from '../causes.js'
import { labelCauses } from '../metadata.js'
import { plainLabelProblems } from '../names.js'
import { at, shown, textAt } from './cells.js'
import { ageColumn, builtin, column } from './row.js'
import { fixed } from './rules.js'
import type { Cause, KindRow } from './types.js'

function handlerCauses (object: KubeObject): Cause[] {
  const [handler, nodes] = [textAt(object, 'handler'), at(object, 'scheduling.nodeSelector')]
  return [...invalidValues('handler', handler, plainLabelProblems(handler)), ...isRecord(nodes) ? labelCauses(nodes, 'scheduling.nodeSelector') : []]
}

const runtimeClasses = builtin('node.k8s.io/v1', 'runtimeclasses', 'RuntimeClass', {
  namespaced: false,
  strategy: { validate: (object, stored) => stored ? fixed(object, stored, 'handler') : handlerCauses(object) },
  columns: [column('Handler', 'string', shown('handler')), ageColumn],
})

export const runtimeKinds: readonly KindRow[] = [runtimeClasses]
