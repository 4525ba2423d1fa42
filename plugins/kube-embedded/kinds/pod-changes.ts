import { isDeepStrictEqual } from 'node:util'
import type { KubeObject } from '../../../core/sdk/index.js'
import { forbiddenValue, invalidValue, requiredValue } from '../causes.js'
import { at, listAt, recordAt, textAt } from './cells.js'
import { imageCauses } from './container-rules.js'
import type { Cause } from './types.js'

type Fields = Record<string, unknown>

function listCauses (spec: Fields, before: Fields, list: string): Cause[] {
  const containers = listAt(spec, list)
  if (containers.length !== listAt(before, list).length) return [forbiddenValue(`spec.${list}`, 'pod updates may not add or remove containers')]
  return containers.flatMap((container, i) => textAt(container, 'image') === '' ? [requiredValue(`spec.${list}[${i}].image`)] : imageCauses(container, `spec.${list}[${i}]`))
}

/** A deadline comes nearer, and does not go away. */
function deadlineCauses ({ activeDeadlineSeconds: now }: Fields, { activeDeadlineSeconds: before }: Fields): Cause[] {
  if (typeof before !== 'number') return []
  if (typeof now !== 'number') return [invalidValue('spec.activeDeadlineSeconds', null, 'must not update from a positive integer to nil value')]
  return now > before ? [invalidValue('spec.activeDeadlineSeconds', now, 'must be less than or equal to previous value')] : []
}

const timeless = ({ tolerationSeconds: _, ...rest }: Fields): Fields => rest

function tolerationCauses (spec: Fields, before: Fields): Cause[] {
  const now = listAt(spec, 'tolerations').map(timeless)
  const kept = listAt(before, 'tolerations').every(old => now.some(one => isDeepStrictEqual(one, timeless(old))))
  return kept ? [] : [forbiddenValue('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds')]
}

const withoutImages = (containers: unknown): unknown => Array.isArray(containers) ? containers.map(({ image: _, ...rest }: Fields) => rest) : containers

/** What of a spec may not change. */
function fixedOf ({ containers, initContainers, activeDeadlineSeconds: _1, tolerations: _2, terminationGracePeriodSeconds: _3, schedulingGates: _4, ephemeralContainers: _5, ...rest }: Fields): Fields {
  return { ...rest, containers: withoutImages(containers), initContainers: withoutImages(initContainers) }
}

const mayChange = 'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)'

/** Rules of a change of a Pod: it is run as it was made. */
export function podChangeCauses (pod: KubeObject, stored: KubeObject): Cause[] {
  const [spec, before] = [recordAt(pod, 'spec'), recordAt(stored, 'spec')]
  if (isDeepStrictEqual(spec, before)) return []
  const counts = [...listCauses(spec, before, 'containers'), ...listCauses(spec, before, 'initContainers')]
  if (counts.length) return counts
  const same = isDeepStrictEqual(fixedOf(spec), fixedOf(before)) && at(spec, 'terminationGracePeriodSeconds') === at(before, 'terminationGracePeriodSeconds')
  return [...deadlineCauses(spec, before), ...tolerationCauses(spec, before), ...(same ? [] : [forbiddenValue('spec', mayChange)])]
}
