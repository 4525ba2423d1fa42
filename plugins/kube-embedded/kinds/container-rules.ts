import { duplicateValue, forbiddenValue, invalidValue, invalidValues, namedValue, requiredValue } from '../causes.js'
import { plainLabelProblems, portNameProblems, portProblems } from '../names.js'
import { listAt, textAt } from './cells.js'
import { environmentCauses } from './environment-rules.js'
import { lifeCauses, probeNames } from './probe-rules.js'
import { resourceCauses } from './resource-rules.js'
import { oneOf } from './rules.js'
import { securityCauses } from './security-rules.js'
import type { Cause } from './types.js'
import { mountCauses } from './volume-rules.js'

type Fields = Record<string, unknown>

export const protocols = ['SCTP', 'TCP', 'UDP'] as const

function portNameCauses (name: string, seen: Set<string>, field: string): Cause[] {
  if (name === '') return []
  const problems = portNameProblems(name)
  if (problems.length) return invalidValues(field, name, problems)
  if (seen.has(name)) return [duplicateValue(field, name)]
  seen.add(name)
  return []
}

function portsCauses (container: Fields, field: string): Cause[] {
  const names = new Set<string>()
  return listAt(container, 'ports').flatMap((port, i) => {
    const place = `${field}.ports[${i}]`
    return [
      ...portNameCauses(textAt(port, 'name'), names, `${place}.name`),
      ...(port.containerPort ? invalidValues(`${place}.containerPort`, port.containerPort, portProblems(port.containerPort)) : [requiredValue(`${place}.containerPort`)]),
      ...(port.hostPort ? invalidValues(`${place}.hostPort`, port.hostPort, portProblems(port.hostPort)) : []),
      ...oneOf(`${place}.protocol`, port.protocol, protocols),
    ]
  })
}

/** Ports of the node that are asked for twice. */
function hostPortCauses (containers: readonly Fields[], field: string): Cause[] {
  const seen = new Set<string>()
  return containers.flatMap((container, i) => listAt(container, 'ports').flatMap(({ hostPort, hostIP = '', protocol }, n) => {
    if (!hostPort) return []
    const key = `${String(protocol)}/${String(hostIP)}/${String(hostPort)}`
    const again = seen.has(key)
    seen.add(key)
    return again ? [duplicateValue(`${field}[${i}].ports[${n}].hostPort`, key)] : []
  }))
}

/** Rules that hold for every container. */
function commonCauses (container: Fields, known: ReadonlySet<string>, field: string): Cause[] {
  return [
    ...namedValue(`${field}.name`, textAt(container, 'name'), plainLabelProblems),
    ...(textAt(container, 'image') === '' ? [requiredValue(`${field}.image`)] : []),
    ...oneOf(`${field}.terminationMessagePolicy`, container.terminationMessagePolicy, ['File', 'FallbackToLogsOnError']),
    ...portsCauses(container, field),
    ...environmentCauses(container, field),
    ...mountCauses(container, known, field),
    ...oneOf(`${field}.imagePullPolicy`, container.imagePullPolicy, ['Always', 'IfNotPresent', 'Never']),
    ...resourceCauses(container, field),
    ...securityCauses(container, field),
  ]
}

export function imageCauses (container: Fields, field: string): Cause[] {
  const image = textAt(container, 'image')
  return image === image.trim() ? [] : [invalidValue(`${field}.image`, image, 'must not have leading or trailing whitespace')]
}

function uniqueCauses (container: Fields, names: Set<string>, field: string): Cause[] {
  const name = textAt(container, 'name')
  const again = names.has(name)
  names.add(name)
  return again ? [duplicateValue(`${field}.name`, name)] : []
}

const initOnly = (container: Fields, field: string): Cause[] => ['lifecycle', ...probeNames].filter(name => container[name] !== undefined)
  .map(name => forbiddenValue(`${field}.${name}`, 'may not be set for init containers without restartPolicy=Always'))

function initCauses (container: Fields, known: ReadonlySet<string>, names: Set<string>, field: string): Cause[] {
  return [
    ...commonCauses(container, known, field),
    ...oneOf(`${field}.restartPolicy`, container.restartPolicy, ['Always']),
    ...uniqueCauses(container, names, field),
    ...(container.restartPolicy === 'Always' ? lifeCauses(container, field) : initOnly(container, field)),
  ]
}

/** Rules of the containers of a PodSpec; `known` are the volumes that can be mounted. */
export function containersCauses (spec: unknown, known: ReadonlySet<string>, field: string): Cause[] {
  const containers = listAt(spec, 'containers')
  const names = new Set<string>()
  const own = containers.flatMap((container, i) => {
    const place = `${field}.containers[${i}]`
    return [...commonCauses(container, known, place), ...uniqueCauses(container, names, place), ...imageCauses(container, place), ...lifeCauses(container, place)]
  })
  return [
    ...(containers.length ? own : [requiredValue(`${field}.containers`)]),
    ...hostPortCauses(containers, `${field}.containers`),
    ...listAt(spec, 'initContainers').flatMap((container, i) => initCauses(container, known, names, `${field}.initContainers[${i}]`)),
  ]
}
