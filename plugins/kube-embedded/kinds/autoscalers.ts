import { isRecord, type KubeObject } from '../../../core/sdk/index.js'
import { forbiddenValue, invalidValue, requiredValue, unsupportedValue } from '../causes.js'
import { autoscalerConversion } from './autoscaler-versions.js'
import { at, count, listAt, numberAt, textAt } from './cells.js'
import { metricCauses, metricsText, referenceCauses } from './metrics.js'
import { ageColumn, builtin, column, fill, within } from './row.js'
import { notNegative, oneOf } from './rules.js'
import type { Cause, KindRow } from './types.js'

type Fields = Record<string, unknown>

function boundCauses (object: KubeObject): Cause[] {
  const [least, most] = [numberAt(object, 'spec.minReplicas', 1), numberAt(object, 'spec.maxReplicas')]
  return [
    ...least < 1 ? [invalidValue('spec.minReplicas', least, 'must be greater than or equal to 1')] : [],
    ...most < 1 ? [invalidValue('spec.maxReplicas', most, 'must be greater than 0')] : [],
    ...most < least ? [invalidValue('spec.maxReplicas', most, 'must be greater than or equal to `minReplicas`')] : [],
  ]
}

/** How fast to scale where nobody says it. */
const scaleUp = { stabilizationWindowSeconds: 0, selectPolicy: 'Max', policies: [{ type: 'Pods', value: 4, periodSeconds: 15 }, { type: 'Percent', value: 100, periodSeconds: 15 }] }
const scaleDown = { selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] }

function policyCauses ({ type, value, periodSeconds }: Fields, field: string): Cause[] {
  return [
    ...type === 'Pods' || type === 'Percent' ? [] : [unsupportedValue(`${field}.type`, type ?? '', ['Percent', 'Pods'])],
    ...Number(value) > 0 ? [] : [invalidValue(`${field}.value`, value ?? 0, 'must be greater than zero')],
    ...Number(periodSeconds) > 0 ? [] : [invalidValue(`${field}.periodSeconds`, periodSeconds ?? 0, 'must be greater than zero')],
    ...Number(periodSeconds) > 1800 ? [invalidValue(`${field}.periodSeconds`, periodSeconds, 'must be less than or equal to 1800')] : [],
  ]
}

function rulesCauses (object: KubeObject, field: string): Cause[] {
  const rules = at(object, field)
  if (!isRecord(rules)) return []
  const [seconds, policies] = [numberAt(rules, 'stabilizationWindowSeconds'), listAt(rules, 'policies')]
  return [
    ...seconds < 0 ? [invalidValue(`${field}.stabilizationWindowSeconds`, seconds, 'must be greater than or equal to zero')] : [],
    ...seconds > 3600 ? [invalidValue(`${field}.stabilizationWindowSeconds`, seconds, 'must be less than or equal to 3600')] : [],
    ...oneOf(`${field}.selectPolicy`, rules.selectPolicy, ['Disabled', 'Max', 'Min']),
    ...policies.length ? [] : [requiredValue(`${field}.policies`, 'must specify at least one Policy')],
    ...policies.flatMap((policy, i) => policyCauses(policy, `${field}.policies[${i}]`)),
  ]
}

/** Only what is measured elsewhere can wake up what sleeps. */
function zeroCauses (object: KubeObject): Cause[] {
  const awake = listAt(object, 'spec.metrics').some(({ type }) => type === 'Object' || type === 'External')
  return at(object, 'spec.minReplicas') === 0 && !awake ? [forbiddenValue('spec.metrics', 'must specify at least one Object or External metric to support scaling to zero replicas')] : []
}

const usual = () => ({ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } })

function defaults (spec: Fields): void {
  fill(spec, { minReplicas: 1 })
  if (listAt(spec, 'metrics').length === 0) spec.metrics = [usual()]
  if (!isRecord(spec.behavior)) return
  fill(within(spec.behavior, 'scaleUp'), structuredClone(scaleUp))
  fill(within(spec.behavior, 'scaleDown'), structuredClone(scaleDown))
}

const autoscaler = (version: string): KindRow => builtin(`autoscaling/${version}`, 'horizontalpodautoscalers', 'HorizontalPodAutoscaler', {
  shortNames: ['hpa'],
  categories: ['all'],
  storageVersion: 'autoscaling/v2',
  ...version === 'v1' ? { convert: autoscalerConversion } : {},
  subresources: { status: true },
  strategy: {
    defaults: draft => {
      const spec = within(draft, 'spec')
      if (version === 'v2') defaults(spec)
      else fill(spec, { minReplicas: 1 })
    },
    prepareCreate: draft => { draft.status = { currentMetrics: null, desiredReplicas: 0 } },
    validate: (object, stored) => [
      ...boundCauses(object),
      ...referenceCauses(at(object, 'spec.scaleTargetRef'), 'spec.scaleTargetRef', !stored || textAt(stored, 'spec.scaleTargetRef.apiVersion').includes('/')),
      ...listAt(object, 'spec.metrics').flatMap((metric, i) => metricCauses(metric, `spec.metrics[${i}]`)),
      ...zeroCauses(object),
      ...['scaleUp', 'scaleDown'].flatMap(way => rulesCauses(object, `spec.behavior.${way}`)),
      ...notNegative(object, 'status.currentReplicas', 'status.desiredReplicas'),
    ],
  },
  columns: [
    column('Reference', 'string', object => `${textAt(object, 'spec.scaleTargetRef.kind')}/${textAt(object, 'spec.scaleTargetRef.name')}`),
    column('Targets', 'string', metricsText),
    column('MinPods', 'string', object => String(at(object, 'spec.minReplicas') ?? '<unset>')),
    column('MaxPods', 'string', count('spec.maxReplicas')),
    column('Replicas', 'string', count('status.currentReplicas')),
    ageColumn,
  ],
})

export const autoscalingKinds: readonly KindRow[] = [autoscaler('v2'), autoscaler('v1')]
