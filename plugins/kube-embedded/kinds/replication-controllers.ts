import { isRecord, type KubeObject } from '../../../core/sdk/index.js'
import { invalidValue, requiredValue } from '../causes.js'
import { at, containerImages, containerNames, entriesOf, numberAt, recordAt } from './cells.js'
import { replicaColumns, scale } from './deployments.js'
import { templateDefaults, templateWarnings } from './pods.js'
import { builtin, column, fill, wide, within } from './row.js'
import { notNegative } from './rules.js'
import { template, templateCauses, templateColumns } from './templates.js'
import type { Cause, Draft, KindRow } from './types.js'

/** A controller without labels or a selector takes those of its pods. */
function takeLabels (draft: Draft): void {
  const labels = recordAt(draft, `${template}.metadata.labels`)
  if (Object.keys(labels).length === 0) return
  if (Object.keys(recordAt(draft, 'spec.selector')).length === 0) within(draft, 'spec').selector = { ...labels }
  if (Object.keys(draft.metadata.labels ?? {}).length === 0) draft.metadata.labels = { ...labels } as Record<string, string>
}

function selectorCauses (object: KubeObject): Cause[] {
  const selector = Object.entries(recordAt(object, 'spec.selector'))
  if (selector.length === 0) return [requiredValue('spec.selector')]
  const labels = at(object, `${template}.metadata.labels`)
  const fits = selector.every(([key, value]) => isRecord(labels) && labels[key] === value)
  return fits || !isRecord(at(object, template)) ? [] : [invalidValue(`${template}.metadata.labels`, labels, '`selector` does not match template `labels`')]
}

const replicationControllers = builtin('v1', 'replicationcontrollers', 'ReplicationController', {
  shortNames: ['rc'],
  categories: ['all'],
  subresources: { status: true, scale: { ...scale, labelSelectorPath: '.spec.selector' } },
  strategy: {
    warnings: templateWarnings('spec.template'),
    defaults: draft => {
      const spec = within(draft, 'spec')
      takeLabels(draft)
      fill(spec, { replicas: 1 })
      templateDefaults(spec)
    },
    prepareCreate: draft => { draft.status = { replicas: 0 } },
    validate: object => [
      ...notNegative(object, 'spec.minReadySeconds'),
      ...selectorCauses(object),
      ...notNegative(object, 'spec.replicas'),
      ...isRecord(at(object, template)) ? templateCauses(object, 'ReplicationController') : [requiredValue(template)],
    ],
  },
  columns: [
    ...replicaColumns,
    ...templateColumns(`${template}.spec`).slice(0, 2),
    wide('Selector', 'string', object => entriesOf(recordAt(object, 'spec.selector'))),
  ],
  fields: { 'status.replicas': object => String(numberAt(object, 'status.replicas')) },
})

const podTemplates = builtin('v1', 'podtemplates', 'PodTemplate', {
  strategy: { defaults: draft => { templateDefaults(draft) } },
  columns: [
    column('Containers', 'string', containerNames('template.spec.containers')),
    column('Images', 'string', containerImages('template.spec.containers')),
    column('Pod Labels', 'string', object => entriesOf(recordAt(object, 'template.metadata.labels'))),
  ],
})

export const replicationKinds: readonly KindRow[] = [podTemplates, replicationControllers]
