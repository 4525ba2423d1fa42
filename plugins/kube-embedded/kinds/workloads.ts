import { isDeepStrictEqual } from 'node:util'
import type { KubeObject } from '../../../core/sdk/index.js'
import { forbiddenValue, invalidValue, requiredValue } from '../metadata.js'
import { at, containerImages, containerNames, count, isRecord, listAt, numberAt, recordAt, selectorText, shown, textAt } from './cells.js'
import { conditions, flag, int, intOrText, keyed, list, long, open, record, selector, text, time } from './fragments.js'
import { podSpecCauses, podTemplate, templateDefaults } from './pods.js'
import { ageColumn, builtin, column, fill, wide, within, type Kind } from './row.js'
import type { Cause, Draft, KindRow } from './types.js'

const template = 'spec.template'
const specOf = (draft: Draft): Record<string, unknown> => within(draft, 'spec')
const statusCount = (path: string) => (object: KubeObject): number => numberAt(object, `status.${path}`)

const quoted = (value: unknown): string => JSON.stringify(value ?? null)

function selectorMatches (wanted: unknown, labels: Record<string, unknown>): boolean {
  const expressions = listAt(wanted, 'matchExpressions')
  return Object.entries(recordAt(wanted, 'matchLabels')).every(([key, value]) => labels[key] === value) && expressions.every(({ key, operator, values }) => {
    const value = labels[String(key)]
    const listed = Array.isArray(values) && values.includes(value)
    return operator === 'In' ? listed : operator === 'NotIn' ? !listed : operator === 'Exists' ? value !== undefined : value === undefined
  })
}

/** A selector that is there, selects the template's pods, and stays as it is. */
function selectorCauses (object: KubeObject, stored?: KubeObject): Cause[] {
  const own = at(object, 'spec.selector')
  const empty = Object.keys(recordAt(own, 'matchLabels')).length === 0 && listAt(own, 'matchExpressions').length === 0
  if (!isRecord(own)) return [requiredValue('spec.selector')]
  if (empty) return [invalidValue('spec.selector', own, 'empty selector is invalid for deployment')]
  const labels = recordAt(object, `${template}.metadata.labels`)
  const causes: Cause[] = selectorMatches(own, labels) ? [] : [{ reason: 'FieldValueInvalid', message: `Invalid value: ${quoted(labels)}: \`selector\` does not match template \`labels\``, field: `${template}.metadata.labels` }]
  if (stored && !isDeepStrictEqual(own, at(stored, 'spec.selector'))) causes.push(invalidValue('spec.selector', own, 'field is immutable'))
  return causes
}

function templateCauses (object: KubeObject): Cause[] {
  const policy = textAt(object, `${template}.spec.restartPolicy`)
  return [
    ...podSpecCauses(at(object, `${template}.spec`), `${template}.spec`),
    ...(policy && policy !== 'Always' ? [{ reason: 'FieldValueNotSupported', message: `Unsupported value: ${quoted(policy)}: supported values: "Always"`, field: `${template}.spec.restartPolicy` }] : []),
  ]
}

function replicaCauses (object: KubeObject): Cause[] {
  const replicas = at(object, 'spec.replicas')
  return typeof replicas === 'number' && replicas < 0 ? [invalidValue('spec.replicas', replicas, 'must be greater than or equal to 0')] : []
}

const scale = { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas', labelSelectorPath: '.status.selector' }
const images = [
  wide('Containers', 'string', containerNames(`${template}.spec.containers`)),
  wide('Images', 'string', containerImages(`${template}.spec.containers`)),
  wide('Selector', 'string', object => selectorText(at(object, 'spec.selector'))),
]
const statusFields = { replicas: int, readyReplicas: int, availableReplicas: int, updatedReplicas: int, unavailableReplicas: int, currentReplicas: int, fullyLabeledReplicas: int, observedGeneration: long, collisionCount: int, conditions }
const common = { replicas: int, selector, template: podTemplate, minReadySeconds: int, revisionHistoryLimit: int, progressDeadlineSeconds: int, paused: flag, serviceName: text, podManagementPolicy: text, volumeClaimTemplates: list(record({ metadata: open, spec: open })), strategy: record({ type: text, rollingUpdate: record({ maxSurge: intOrText, maxUnavailable: intOrText }) }), updateStrategy: record({ type: text, rollingUpdate: record({ partition: int, maxSurge: intOrText, maxUnavailable: intOrText }) }) }

interface Workload extends Kind { specDefaults: (spec: Record<string, unknown>) => void, more?: (object: KubeObject, stored?: KubeObject) => Cause[] }

const workload = (resource: string, kind: string, { specDefaults, more = () => [], ...rest }: Workload): KindRow => builtin('apps/v1', resource, kind, {
  categories: ['all'],
  subresources: { status: true },
  properties: { spec: record(common), status: record(statusFields) },
  strategy: {
    defaults: draft => {
      const spec = specOf(draft)
      specDefaults(spec)
      templateDefaults(spec)
    },
    prepareCreate: draft => { draft.status = {} },
    validate: (object, stored) => [...selectorCauses(object, stored), ...replicaCauses(object), ...templateCauses(object), ...more(object, stored)],
  },
  ...rest,
})

const rollingUpdate = { maxUnavailable: '25%', maxSurge: '25%' }
const statefulImmutable = ['serviceName', 'podManagementPolicy', 'volumeClaimTemplates']

const deployments = workload('deployments', 'Deployment', {
  shortNames: ['deploy'],
  subresources: { status: true, scale },
  specDefaults: spec => {
    fill(spec, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 })
    const strategy = within(spec, 'strategy')
    fill(strategy, { type: 'RollingUpdate' })
    if (strategy.type === 'RollingUpdate') fill(within(strategy, 'rollingUpdate'), rollingUpdate)
  },
  columns: [
    column('Ready', 'string', object => `${numberAt(object, 'status.readyReplicas')}/${numberAt(object, 'spec.replicas')}`),
    column('Up-to-date', 'string', object => String(numberAt(object, 'status.updatedReplicas'))),
    column('Available', 'string', object => String(numberAt(object, 'status.availableReplicas'))),
    ageColumn,
    ...images,
  ],
})

const replicaSets = workload('replicasets', 'ReplicaSet', {
  shortNames: ['rs'],
  subresources: { status: true, scale },
  specDefaults: spec => { fill(spec, { replicas: 1 }) },
  columns: [
    column('Desired', 'integer', count('spec.replicas')),
    column('Current', 'integer', statusCount('replicas')),
    column('Ready', 'integer', statusCount('readyReplicas')),
    ageColumn,
    ...images,
  ],
  fields: { 'status.replicas': object => String(numberAt(object, 'status.replicas')) },
})

const statefulSets = workload('statefulsets', 'StatefulSet', {
  shortNames: ['sts'],
  subresources: { status: true, scale },
  specDefaults: spec => {
    fill(spec, { replicas: 1, podManagementPolicy: 'OrderedReady', revisionHistoryLimit: 10, persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' } })
    const strategy = within(spec, 'updateStrategy')
    fill(strategy, { type: 'RollingUpdate' })
    if (strategy.type === 'RollingUpdate') fill(within(strategy, 'rollingUpdate'), { partition: 0 })
    for (const claim of listAt(spec, 'volumeClaimTemplates')) {
      fill(claim, { apiVersion: 'v1', kind: 'PersistentVolumeClaim', status: { phase: 'Pending' } })
      if (isRecord(claim.spec)) fill(claim.spec, { volumeMode: 'Filesystem' })
    }
  },
  more: (object, stored) => stored && statefulImmutable.some(key => !isDeepStrictEqual(at(object, `spec.${key}`), at(stored, `spec.${key}`)))
    ? [forbiddenValue('spec', "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden")]
    : [],
  columns: [
    column('Ready', 'string', object => `${numberAt(object, 'status.readyReplicas')}/${numberAt(object, 'spec.replicas')}`),
    ageColumn,
    ...images.slice(0, 2),
  ],
})

const daemonSets = workload('daemonsets', 'DaemonSet', {
  shortNames: ['ds'],
  specDefaults: spec => {
    fill(spec, { revisionHistoryLimit: 10 })
    const strategy = within(spec, 'updateStrategy')
    fill(strategy, { type: 'RollingUpdate' })
    if (strategy.type === 'RollingUpdate') fill(within(strategy, 'rollingUpdate'), { maxUnavailable: 1, maxSurge: 0 })
  },
  columns: [
    column('Desired', 'integer', statusCount('desiredNumberScheduled')),
    column('Current', 'integer', statusCount('currentNumberScheduled')),
    column('Ready', 'integer', statusCount('numberReady')),
    column('Up-to-date', 'integer', statusCount('updatedNumberScheduled')),
    column('Available', 'integer', statusCount('numberAvailable')),
    column('Node Selector', 'string', object => Object.entries(recordAt(object, `${template}.spec.nodeSelector`)).map(([key, value]) => `${key}=${String(value)}`).join(',') || '<none>'),
    ageColumn,
    ...images,
  ],
})

const controllerRevisions = builtin('apps/v1', 'controllerrevisions', 'ControllerRevision', {
  properties: { data: open, revision: long },
  columns: [column('Controller', 'string', object => object.metadata.ownerReferences?.map(({ kind, name }) => `${kind.toLowerCase()}.apps/${name}`).join(',') || '<none>'), column('Revision', 'string', object => String(numberAt(object, 'revision'))), ageColumn],
})

const replicationControllers = builtin('v1', 'replicationcontrollers', 'ReplicationController', {
  shortNames: ['rc'],
  categories: ['all'],
  subresources: { status: true, scale },
  properties: { spec: record({ replicas: int, minReadySeconds: int, template: podTemplate }), status: record(statusFields) },
  strategy: {
    defaults: draft => {
      const spec = specOf(draft)
      fill(spec, { replicas: 1 })
      templateDefaults(spec)
    },
    prepareCreate: draft => { draft.status = { replicas: 0 } },
    validate: object => [...replicaCauses(object), ...templateCauses(object)],
  },
  columns: [column('Desired', 'integer', count('spec.replicas')), column('Current', 'integer', statusCount('replicas')), column('Ready', 'integer', statusCount('readyReplicas')), ageColumn],
})

const podTemplates = builtin('v1', 'podtemplates', 'PodTemplate', { properties: { template: podTemplate }, strategy: { defaults: draft => { templateDefaults(draft) } } })

const jobSpec = { parallelism: int, completions: int, backoffLimit: int, activeDeadlineSeconds: long, ttlSecondsAfterFinished: int, completionMode: text, suspend: flag, manualSelector: flag, selector, template: podTemplate }
const jobPolicies = new Set(['Never', 'OnFailure'])

function jobDefaults (spec: Record<string, unknown>): void {
  if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1
  fill(spec, { parallelism: 1, backoffLimit: 6, completionMode: 'NonIndexed', suspend: false, podReplacementPolicy: 'TerminatingOrFailed' })
  templateDefaults(spec)
}

function jobCauses (object: unknown, path: string): Cause[] {
  const policy = textAt(object, `${path}.template.spec.restartPolicy`)
  return [
    ...podSpecCauses(at(object, `${path}.template.spec`), `${path}.template.spec`),
    ...(jobPolicies.has(policy) ? [] : [{ reason: 'FieldValueRequired', message: 'Required value: valid values: "OnFailure", "Never"', field: `${path}.template.spec.restartPolicy` }]),
  ]
}

function jobStatus (job: KubeObject): string {
  const met = listAt(job, 'status.conditions').find(({ status }) => status === 'True')
  return met ? String(met.type) : job.metadata.deletionTimestamp ? 'Terminating' : 'Running'
}

/** The label by which a job finds its pods: its own uid, which is there only once it is created. */
const jobs = builtin('batch/v1', 'jobs', 'Job', {
  categories: ['all'],
  subresources: { status: true },
  properties: { spec: record(jobSpec), status: record({ active: int, succeeded: int, failed: int, startTime: time, completionTime: time, conditions }) },
  strategy: {
    defaults: draft => { jobDefaults(specOf(draft)) },
    prepareCreate: draft => {
      draft.status = {}
      const spec = specOf(draft)
      if (spec.manualSelector === true) return
      const labels = within(within(within(spec, 'template'), 'metadata'), 'labels')
      fill(labels, { 'batch.kubernetes.io/job-name': draft.metadata.name, 'job-name': draft.metadata.name })
      spec.selector = { matchLabels: { 'batch.kubernetes.io/job-name': draft.metadata.name } }
    },
    validate: (object, stored) => [
      ...jobCauses(object, 'spec'),
      ...(stored && !isDeepStrictEqual(at(object, template), at(stored, template)) ? [invalidValue(template, at(object, template), 'field is immutable')] : []),
    ],
  },
  columns: [
    column('Status', 'string', jobStatus),
    column('Completions', 'string', object => `${numberAt(object, 'status.succeeded')}/${numberAt(object, 'spec.completions', 1)}`),
    column('Duration', 'string', object => textAt(object, 'status.completionTime') ? `${Math.max(0, Math.round((Date.parse(textAt(object, 'status.completionTime')) - Date.parse(textAt(object, 'status.startTime'))) / 1000))}s` : ''),
    ageColumn,
    ...images,
  ],
  fields: { 'status.successful': object => String(numberAt(object, 'status.succeeded')) },
})

const cronField = /^[\d*/,\-?LW#A-Za-z]+$/
const schedule = (value: string): boolean => /^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$/.test(value) || /^@every \d/.test(value) || (value.trim().split(/\s+/).length === 5 && value.trim().split(/\s+/).every(part => cronField.test(part)))

const cronJobs = builtin('batch/v1', 'cronjobs', 'CronJob', {
  shortNames: ['cj'],
  categories: ['all'],
  subresources: { status: true },
  properties: { spec: record({ schedule: text, timeZone: text, startingDeadlineSeconds: long, concurrencyPolicy: text, suspend: flag, successfulJobsHistoryLimit: int, failedJobsHistoryLimit: int, jobTemplate: record({ metadata: open, spec: record(jobSpec) }) }), status: record({ active: keyed('name', record()), lastScheduleTime: time }) },
  strategy: {
    defaults: draft => {
      const spec = specOf(draft)
      fill(spec, { concurrencyPolicy: 'Allow', suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 })
      const job = within(spec, 'jobTemplate')
      const inner = within(job, 'spec')
      templateDefaults(inner)
    },
    prepareCreate: draft => { draft.status = {} },
    validate: object => {
      const value = textAt(object, 'spec.schedule')
      return [
        ...(value === '' ? [requiredValue('spec.schedule')] : schedule(value) ? [] : [invalidValue('spec.schedule', value, 'expected exactly 5 fields, found ' + value.trim().split(/\s+/).length + `: [${value}]`)]),
        ...jobCauses(object, 'spec.jobTemplate.spec'),
      ]
    },
  },
  columns: [
    column('Schedule', 'string', shown('spec.schedule')),
    column('Timezone', 'string', object => textAt(object, 'spec.timeZone') || '<none>'),
    column('Suspend', 'string', object => at(object, 'spec.suspend') === true ? 'True' : 'False'),
    column('Active', 'integer', object => listAt(object, 'status.active').length),
    column('Last Schedule', 'date', object => textAt(object, 'status.lastScheduleTime') || '<none>'),
    ageColumn,
    wide('Containers', 'string', containerNames('spec.jobTemplate.spec.template.spec.containers')),
    wide('Images', 'string', containerImages('spec.jobTemplate.spec.template.spec.containers')),
    wide('Selector', 'string', () => '<none>'),
  ],
})

const metricText = (object: KubeObject): string => listAt(object, 'spec.metrics').map(metric => {
  const name = textAt(metric, 'resource.name')
  const target = at(metric, 'resource.target.averageUtilization')
  const current = listAt(object, 'status.currentMetrics').find(one => textAt(one, 'resource.name') === name)
  const now = at(current, 'resource.current.averageUtilization')
  return target === undefined ? '<unknown>' : `${name}: ${now === undefined ? '<unknown>' : `${String(now)}%`}/${String(target)}%`
}).join(', ') || '<none>'

const hpa = (version: string): KindRow => builtin(`autoscaling/${version}`, 'horizontalpodautoscalers', 'HorizontalPodAutoscaler', {
  shortNames: ['hpa'],
  categories: ['all'],
  storageVersion: 'autoscaling/v2',
  bucket: 'autoscaling/horizontalpodautoscalers',
  subresources: { status: true },
  properties: { spec: record({ minReplicas: int, maxReplicas: int, scaleTargetRef: record({ apiVersion: text, kind: text, name: text }), metrics: list(), behavior: record(), targetCPUUtilizationPercentage: int }), status: record({ currentReplicas: int, desiredReplicas: int, conditions, currentMetrics: list() }) },
  strategy: {
    defaults: draft => {
      const spec = specOf(draft)
      fill(spec, { minReplicas: 1 })
      const percent = spec.targetCPUUtilizationPercentage
      if (percent !== undefined) {
        delete spec.targetCPUUtilizationPercentage
        fill(spec, { metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: percent } } }] })
      }
      fill(spec, { metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }] })
    },
    prepareCreate: draft => { draft.status = { currentMetrics: null, desiredReplicas: 0 } },
    validate: object => {
      const [min, max] = [numberAt(object, 'spec.minReplicas', 1), numberAt(object, 'spec.maxReplicas')]
      return [
        ...(max < 1 ? [invalidValue('spec.maxReplicas', max, 'must be greater than 0')] : max < min ? [invalidValue('spec.maxReplicas', max, 'must be greater than or equal to `minReplicas`')] : []),
        ...(['kind', 'name'] as const).flatMap(key => textAt(object, `spec.scaleTargetRef.${key}`) ? [] : [requiredValue(`spec.scaleTargetRef.${key}`)]),
      ]
    },
  },
  columns: [
    column('Reference', 'string', object => `${textAt(object, 'spec.scaleTargetRef.kind')}/${textAt(object, 'spec.scaleTargetRef.name')}`),
    column('Targets', 'string', metricText),
    column('MinPods', 'string', object => String(numberAt(object, 'spec.minReplicas', 1))),
    column('MaxPods', 'integer', count('spec.maxReplicas')),
    column('Replicas', 'integer', statusCount('currentReplicas')),
    ageColumn,
  ],
})

const budgets = builtin('policy/v1', 'poddisruptionbudgets', 'PodDisruptionBudget', {
  shortNames: ['pdb'],
  subresources: { status: true },
  properties: { spec: record({ minAvailable: intOrText, maxUnavailable: intOrText, selector }), status: record({ conditions }) },
  strategy: { validate: object => at(object, 'spec.minAvailable') !== undefined && at(object, 'spec.maxUnavailable') !== undefined ? [invalidValue('spec', at(object, 'spec'), 'minAvailable and maxUnavailable cannot be both set')] : [] },
  columns: [
    column('Min Available', 'string', object => String(at(object, 'spec.minAvailable') ?? 'N/A')),
    column('Max Unavailable', 'string', object => String(at(object, 'spec.maxUnavailable') ?? 'N/A')),
    column('Allowed Disruptions', 'integer', statusCount('disruptionsAllowed')),
    ageColumn,
  ],
})

export const workloads: readonly KindRow[] = [replicationControllers, podTemplates, deployments, replicaSets, statefulSets, daemonSets, controllerRevisions, jobs, cronJobs, hpa('v2'), hpa('v1'), budgets]
