import { isRecord, type KubeObject } from '../../../core/sdk/index.js'
import { forbiddenValue, invalidValue, requiredValue, unsupportedValue } from '../causes.js'
import { at, containerImages, containerNames, selectorText } from './cells.js'
import { podTemplateCauses } from './pods.js'
import { wide } from './row.js'
import { notNegative } from './rules.js'
import { isEmptySelector, selectorCauses, selectorMatches } from './selectors.js'
import type { Cause, Column } from './types.js'

export const template = 'spec.template'

/** The selector of a workload; `word` is what Kubernetes calls the workload where a selector is empty. */
export function ownSelector (object: KubeObject, word: string): Cause[] {
  const selector = at(object, 'spec.selector')
  if (!isRecord(selector)) return [requiredValue('spec.selector')]
  return [...selectorCauses(selector, 'spec.selector'), ...isEmptySelector(selector) ? [invalidValue('spec.selector', selector, `empty selector is invalid for ${word}`)] : []]
}

/** Whether a selector can be followed at all. */
export const isReadable = (object: KubeObject): boolean => selectorCauses(at(object, 'spec.selector'), '').length === 0

/** The pods of the template are the ones that are selected: none is where there is no selector, and nobody knows where it cannot be read. */
export function matchCauses (object: KubeObject): Cause[] {
  const [selector, labels] = [at(object, 'spec.selector'), at(object, `${template}.metadata.labels`)]
  if (!isReadable(object)) return []
  const fits = isRecord(selector) && selectorMatches(selector, isRecord(labels) ? labels : {})
  return fits ? [] : [invalidValue(`${template}.metadata.labels`, labels, '`selector` does not match template `labels`')]
}

/** Pods that a workload keeps running have no end. */
export function templateCauses (object: KubeObject, kind: string): Cause[] {
  const policy = at(object, `${template}.spec.restartPolicy`)
  return [
    ...podTemplateCauses(at(object, template), template),
    ...policy === undefined || policy === 'Always' ? [] : [unsupportedValue(`${template}.spec.restartPolicy`, policy, ['Always'])],
    ...at(object, `${template}.spec.activeDeadlineSeconds`) === undefined ? [] : [forbiddenValue(`${template}.spec.activeDeadlineSeconds`, `activeDeadlineSeconds in ${kind} is not Supported`)],
  ]
}

export const replicaCauses = (object: KubeObject): Cause[] => notNegative(object, 'spec.replicas', 'spec.minReadySeconds')

/** The wide columns of a kind with a template. */
export const templateColumns = (spec: string, selector = 'spec.selector'): readonly Column[] => [
  wide('Containers', 'string', containerNames(`${spec}.containers`)),
  wide('Images', 'string', containerImages(`${spec}.containers`)),
  wide('Selector', 'string', object => selectorText(at(object, selector))),
]
