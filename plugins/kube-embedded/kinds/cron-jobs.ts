import type { KubeObject } from '../../../core/sdk/index.js'
import { invalidValue, requiredValue, unsupportedValue } from '../causes.js'
import { at, listAt, shown, textAt } from './cells.js'
import { jobCauses, jobTemplateDefaults } from './jobs.js'
import { templateWarnings } from './pods.js'
import { ageColumn, builtin, column, fill, within } from './row.js'
import { isMissing, notNegative, oneOf } from './rules.js'
import { scheduleProblem, zoneProblem } from './schedules.js'
import { templateColumns } from './templates.js'
import type { Cause, KindRow } from './types.js'

function scheduleCauses (object: KubeObject, stored?: KubeObject): Cause[] {
  const schedule = textAt(object, 'spec.schedule')
  if (schedule === '') return [requiredValue('spec.schedule')]
  const problem = scheduleProblem(schedule)
  const zoned = schedule.includes('TZ')
  const before = textAt(stored, 'spec.schedule').includes('TZ')
  return [
    ...problem === undefined ? [] : [invalidValue('spec.schedule', schedule, problem)],
    ...zoned && before && at(object, 'spec.timeZone') !== undefined ? [invalidValue('spec.schedule', schedule, 'cannot use both timeZone field and TZ or CRON_TZ in schedule')] : [],
    ...zoned && !before ? [invalidValue('spec.schedule', schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead')] : [],
  ]
}

function zoneCauses (object: KubeObject, stored?: KubeObject): Cause[] {
  const zone = at(object, 'spec.timeZone')
  if (typeof zone !== 'string' || (stored && zone === at(stored, 'spec.timeZone'))) return []
  const problem = zoneProblem(zone)
  return problem === undefined ? [] : [invalidValue('spec.timeZone', zone, problem)]
}

/** Jobs get their names from the time: there must be room for it. */
const nameCauses = ({ metadata: { name } }: KubeObject): Cause[] => name.length > 52 ? [invalidValue('metadata.name', name, 'must be no more than 52 characters')] : []

function jobTemplateCauses (object: KubeObject): Cause[] {
  const spec = 'spec.jobTemplate.spec'
  const selector = at(object, `${spec}.selector`)
  return [
    ...jobCauses(object, spec),
    ...isMissing(selector) ? [] : [invalidValue(`${spec}.selector`, selector, '`selector` will be auto-generated')],
    ...at(object, `${spec}.manualSelector`) === true ? [unsupportedValue(`${spec}.manualSelector`, true, ['nil', 'false'])] : [],
  ]
}

const cronJobs = builtin('batch/v1', 'cronjobs', 'CronJob', {
  shortNames: ['cj'],
  categories: ['all'],
  subresources: { status: true },
  strategy: {
    warnings: templateWarnings('spec.jobTemplate.spec.template'),
    defaults: draft => {
      const spec = within(draft, 'spec')
      fill(spec, { concurrencyPolicy: 'Allow', suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 })
      jobTemplateDefaults(within(within(spec, 'jobTemplate'), 'spec'))
    },
    prepareCreate: draft => { draft.status = {} },
    validate: (object, stored) => [
      ...scheduleCauses(object, stored),
      ...notNegative(object, 'spec.startingDeadlineSeconds'),
      ...zoneCauses(object, stored),
      ...oneOf('spec.concurrencyPolicy', at(object, 'spec.concurrencyPolicy'), ['Allow', 'Forbid', 'Replace']),
      ...jobTemplateCauses(object),
      ...notNegative(object, 'spec.successfulJobsHistoryLimit', 'spec.failedJobsHistoryLimit'),
      ...stored ? [] : nameCauses(object),
    ],
  },
  columns: [
    column('Schedule', 'string', shown('spec.schedule')),
    column('Timezone', 'string', object => textAt(object, 'spec.timeZone') || '<none>'),
    column('Suspend', 'boolean', object => at(object, 'spec.suspend') === true ? 'True' : 'False'),
    column('Active', 'integer', object => listAt(object, 'status.active').length),
    column('Last Schedule', 'date', object => textAt(object, 'status.lastScheduleTime') || '<none>'),
    ageColumn,
    ...templateColumns('spec.jobTemplate.spec.template.spec', 'spec.jobTemplate.spec.selector'),
  ],
})

export const cronKinds: readonly KindRow[] = [cronJobs]
