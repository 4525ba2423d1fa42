import { isDeepStrictEqual } from 'node:util'
import { isRecord, type KubeObject } from '../../../core/sdk/index.js'
import { invalidValue, requiredValue, tooLongValue, unsupportedValue } from '../causes.js'
import { duration } from '../table/age.js'
import { at, listAt, numberAt, recordAt, textAt } from './cells.js'
import { failurePolicyCauses, successPolicyCauses } from './job-policies.js'
import { podTemplateCauses, templateDefaults, templateWarnings } from './pods.js'
import { ageColumn, builtin, column, fill, within } from './row.js'
import { changed, fixed, notNegative, oneOf } from './rules.js'
import { domainPathCauses } from './paths.js'
import { selectorCauses, selectorMatches } from './selectors.js'
import { matchCauses, template, templateColumns } from './templates.js'
import type { Cause, Draft, KindRow } from './types.js'

type Fields = Record<string, unknown>

/** What Kubernetes fills in for a job that is made now; one that a CronJob is to make has only its template filled in. */
function specDefaults (spec: Fields): void {
  if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1
  fill(spec, {
    parallelism: 1,
    backoffLimit: spec.backoffLimitPerIndex === undefined ? 6 : 2_147_483_647,
    completionMode: 'NonIndexed',
    suspend: false,
    podReplacementPolicy: spec.podFailurePolicy === undefined ? 'TerminatingOrFailed' : 'Failed',
    manualSelector: false,
  })
  jobTemplateDefaults(spec)
}

export function jobTemplateDefaults (spec: Fields): void {
  for (const rule of listAt(spec, 'podFailurePolicy.rules')) for (const pattern of listAt(rule, 'onPodConditions')) if (!pattern.status) pattern.status = 'True'
  templateDefaults(spec)
}

/** A job without labels takes those of its pods: they are one map, and what is added to it later is on both. */
function takeLabels (draft: Draft): void {
  const labels = recordAt(draft, `${template}.metadata.labels`)
  if (Object.keys(labels).length && Object.keys(draft.metadata.labels ?? {}).length === 0) draft.metadata.labels = labels as Record<string, string>
}

const domain = 'batch.kubernetes.io/'

/** The labels by which a job knows its pods, under their older names, too. */
const labelsOf = ({ metadata: { uid = '', name } }: KubeObject): Readonly<Record<string, string>> =>
  ({ [`${domain}controller-uid`]: uid, [`${domain}job-name`]: name, 'controller-uid': uid, 'job-name': name })

function chooseSelector (draft: Draft): void {
  const spec = within(draft, 'spec')
  if (spec.manualSelector === true) return
  fill(within(within(within(spec, 'template'), 'metadata'), 'labels'), labelsOf(draft))
  const selector = within(spec, 'selector')
  fill(within(selector, 'matchLabels'), { [`${domain}controller-uid`]: draft.metadata.uid ?? '' })
}

const indexed = (object: unknown, path: string): boolean => at(object, `${path}.completionMode`) === 'Indexed'

function indexCauses (object: unknown, path: string): Cause[] {
  const [perIndex, most, completions, parallelism] = ['backoffLimitPerIndex', 'maxFailedIndexes', 'completions', 'parallelism'].map(key => at(object, `${path}.${key}`))
  if (!indexed(object, path)) {
    return [['backoffLimitPerIndex', perIndex], ['maxFailedIndexes', most]].flatMap(([key, value]) => value === undefined ? [] : [invalidValue(`${path}.${String(key)}`, value, 'requires indexed completion mode')])
  }
  return [
    ...completions === undefined ? [requiredValue(`${path}.completions`, 'when completion mode is Indexed')] : [],
    ...typeof parallelism === 'number' && parallelism > 100_000 ? [invalidValue(`${path}.parallelism`, parallelism, 'must be less than or equal to 100000 when completion mode is Indexed')] : [],
    ...typeof most === 'number' && typeof completions === 'number' && most > completions ? [invalidValue(`${path}.maxFailedIndexes`, most, 'must be less than or equal to completions')] : [],
  ]
}

function managerCauses (object: unknown, path: string): Cause[] {
  const manager = at(object, `${path}.managedBy`)
  if (typeof manager !== 'string') return []
  return [...domainPathCauses(`${path}.managedBy`, manager), ...manager.length > 63 ? [tooLongValue(`${path}.managedBy`, 63)] : []]
}

function replacementCauses (object: unknown, path: string): Cause[] {
  const policy = at(object, `${path}.podReplacementPolicy`)
  return oneOf(`${path}.podReplacementPolicy`, policy, at(object, `${path}.podFailurePolicy`) === undefined ? ['Failed', 'TerminatingOrFailed'] : ['Failed'])
}

function restartCauses (object: unknown, path: string): Cause[] {
  const field = `${path}.template.spec.restartPolicy`
  const policy = textAt(object, field)
  if (policy === 'Always' || policy === '') return [requiredValue(field, 'valid values: "OnFailure", "Never"')]
  if (policy !== 'OnFailure' && policy !== 'Never') return [unsupportedValue(field, policy, ['OnFailure', 'Never'])]
  return policy !== 'Never' && at(object, `${path}.podFailurePolicy`) !== undefined ? [invalidValue(field, policy, 'only "Never" is supported when podFailurePolicy is specified')] : []
}

const limits = ['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished', 'backoffLimitPerIndex', 'maxFailedIndexes']

/** What is wrong with a job, wherever its spec stands. */
export const jobCauses = (object: unknown, path: string): Cause[] => [
  ...notNegative(object, ...limits.map(key => `${path}.${key}`)),
  ...at(object, `${path}.maxFailedIndexes`) !== undefined && at(object, `${path}.backoffLimitPerIndex`) === undefined ? [requiredValue(`${path}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified')] : [],
  ...managerCauses(object, path),
  ...oneOf(`${path}.completionMode`, at(object, `${path}.completionMode`), ['NonIndexed', 'Indexed']),
  ...indexCauses(object, path),
  ...failurePolicyCauses(object, path),
  ...successPolicyCauses(object, path),
  ...replacementCauses(object, path),
  ...podTemplateCauses(at(object, `${path}.template`), `${path}.template`),
  ...restartCauses(object, path),
]

function ownSelectorCauses (object: KubeObject): Cause[] {
  const selector = at(object, 'spec.selector')
  if (!isRecord(selector)) return [requiredValue('spec.selector'), ...matchCauses(object)]
  return [...selectorCauses(selector, 'spec.selector'), ...matchCauses(object)]
}

/** Pods of a generated selector bear the labels that were generated. */
function generatedCauses (object: KubeObject): Cause[] {
  if (at(object, 'spec.manualSelector') === true) return []
  const [labels, wanted] = [recordAt(object, `${template}.metadata.labels`), labelsOf(object)]
  const missing = ['controller-uid', 'job-name', `${domain}controller-uid`, `${domain}job-name`].flatMap(key => {
    const [field, text] = [`${template}.metadata.labels[${key}]`, `must be '${wanted[key] ?? ''}'`]
    return labels[key] === wanted[key] ? [] : [labels[key] === undefined ? requiredValue(field, text) : invalidValue(field, labels, text)]
  })
  const selector = at(object, 'spec.selector')
  return selectorMatches(selector, wanted) ? missing : [...missing, invalidValue('spec.selector', selector, '`selector` not auto-generated')]
}

/** What may still change of the pods of a job that waits for its first start. */
function movable (spec: unknown): unknown {
  const { metadata, spec: pod, ...rest } = recordAt(spec, 'template')
  const { nodeSelector: _1, tolerations: _2, schedulingGates: _3, affinity, ...kept } = isRecord(pod) ? pod : {}
  const { labels: _4, annotations: _5, ...meta } = isRecord(metadata) ? metadata : {}
  const { nodeAffinity: _6, ...others } = isRecord(affinity) ? affinity : {}
  return { ...rest, meta, kept, others }
}

function templateChanges (object: KubeObject, stored: KubeObject): Cause[] {
  const waits = at(stored, 'spec.suspend') === true && at(stored, 'status.startTime') === undefined
  const same = waits ? isDeepStrictEqual(movable(at(object, 'spec')), movable(at(stored, 'spec'))) : !changed(object, stored, template)
  return same ? [] : [invalidValue(template, at(object, template), 'field is immutable')]
}

function completionChanges (object: KubeObject, stored: KubeObject): Cause[] {
  if (!indexed(object, 'spec')) return fixed(object, stored, 'spec.completions')
  const completions = at(object, 'spec.completions')
  const apart = changed(object, stored, 'spec.completions') && completions !== undefined && completions !== at(object, 'spec.parallelism')
  return apart ? [invalidValue('spec.completions', completions, 'can only be modified in tandem with spec.parallelism')] : []
}

function conditionOf (job: KubeObject): string {
  const met = listAt(job, 'status.conditions').filter(({ status }) => status === 'True').map(({ type }) => String(type))
  const first = ['Complete', 'Failed'].find(type => met.includes(type))
  if (first) return first
  return job.metadata.deletionTimestamp ? 'Terminating' : ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find(type => met.includes(type)) ?? 'Running'
}

function completionText (job: KubeObject): string {
  const [done, wanted, parallelism] = [numberAt(job, 'status.succeeded'), at(job, 'spec.completions'), numberAt(job, 'spec.parallelism')]
  return wanted === undefined ? parallelism > 1 ? `${done}/1 of ${parallelism}` : `${done}/1` : `${done}/${String(wanted)}`
}

function durationText (job: KubeObject): string {
  const [start, end] = [textAt(job, 'status.startTime'), textAt(job, 'status.completionTime')]
  return start ? duration((end ? Date.parse(end) : Date.now()) - Date.parse(start)) : ''
}

const jobs = builtin('batch/v1', 'jobs', 'Job', {
  categories: ['all'],
  subresources: { status: true },
  strategy: {
    warnings: templateWarnings('spec.template'),
    defaults: draft => {
      specDefaults(within(draft, 'spec'))
      takeLabels(draft)
    },
    prepareCreate: draft => {
      draft.status = {}
      chooseSelector(draft)
      // Kubernetes lets a job without labels share those of its template, the generated ones included.
      if (Object.keys(draft.metadata.labels ?? {}).length === 0) draft.metadata.labels = { ...recordAt(draft, `${template}.metadata.labels`) as Record<string, string> }
    },
    validate: (object, stored) => [
      ...stored ? [] : generatedCauses(object),
      ...jobCauses(object, 'spec'),
      ...ownSelectorCauses(object),
      ...stored ? [...completionChanges(object, stored), ...fixed(object, stored, 'spec.selector'), ...templateChanges(object, stored)] : [],
      ...fixed(object, stored, 'spec.completionMode', 'spec.podFailurePolicy', 'spec.backoffLimitPerIndex', 'spec.managedBy', 'spec.successPolicy'),
    ],
  },
  columns: [
    column('Status', 'string', conditionOf),
    column('Completions', 'string', completionText),
    column('Duration', 'string', durationText),
    ageColumn,
    ...templateColumns(`${template}.spec`),
  ],
  fields: { 'status.successful': object => String(numberAt(object, 'status.succeeded')) },
})

export const jobKinds: readonly KindRow[] = [jobs]
