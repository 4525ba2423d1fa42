import { isRecord } from '../../../core/sdk/index.js'
import { forbiddenValue, invalidValue, invalidValues, requiredValue } from '../causes.js'
import { portNameProblems, portProblems } from '../names.js'
import { listAt } from './cells.js'
import { notNegative, oneOf } from './rules.js'
import type { Cause } from './types.js'

type Fields = Record<string, unknown>

const portCauses = (port: unknown, field: string): Cause[] =>
  invalidValues(field, port ?? 0, typeof port === 'string' ? portNameProblems(port) : portProblems(port))

const headerText = "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')"

function requestCauses (action: Fields, field: string): Cause[] {
  const odd = listAt(action, 'httpHeaders').flatMap(({ name = '' }, i) => /^[-A-Za-z0-9]+$/.test(String(name)) ? [] : [invalidValue(`${field}.httpHeaders[${i}].name`, name, headerText)])
  return [...portCauses(action.port, `${field}.port`), ...oneOf(`${field}.scheme`, action.scheme, ['HTTP', 'HTTPS']), ...odd]
}

const actions: Readonly<Record<string, (action: Fields, field: string) => Cause[]>> = {
  exec: ({ command }, field) => Array.isArray(command) && command.length ? [] : [requiredValue(`${field}.command`)],
  httpGet: requestCauses,
  tcpSocket: ({ port }, field) => portCauses(port, `${field}.port`),
  grpc: ({ port }, field) => portCauses(port, `${field}.port`),
  sleep: ({ seconds }, field) => typeof seconds === 'number' && seconds >= 0 ? [] : [invalidValue(`${field}.seconds`, seconds ?? 0, 'must be greater than or equal to 0')],
}

function actionCauses (probe: Fields, field: string): Cause[] {
  const given = Object.keys(actions).filter(name => isRecord(probe[name]))
  if (given.length === 0) return [requiredValue(field, 'must specify a handler type')]
  return given.flatMap((name, i) => i ? [forbiddenValue(`${field}.${name}`, 'may not specify more than 1 handler type')] : actions[name]!(probe[name] as Fields, `${field}.${name}`))
}

const times = ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold']

function probeCauses (probe: unknown, name: string, field: string): Cause[] {
  if (!isRecord(probe)) return []
  const { successThreshold, terminationGracePeriodSeconds: grace } = probe
  const causes = [...actionCauses(probe, field), ...notNegative(probe, ...times).map(cause => ({ ...cause, field: `${field}.${cause.field}` }))]
  if (grace !== undefined && name === 'readinessProbe') causes.push(forbiddenValue(`${field}.terminationGracePeriodSeconds`, 'must not be set for readinessProbes'))
  else if (typeof grace === 'number' && grace <= 0) causes.push(invalidValue(`${field}.terminationGracePeriodSeconds`, grace, 'must be greater than 0'))
  if (name !== 'readinessProbe' && successThreshold !== 1) causes.push(invalidValue(`${field}.successThreshold`, successThreshold, 'must be 1'))
  return causes
}

export const probeNames = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const

/** Rules of what is asked and done in the life of a container. */
export function lifeCauses (container: Fields, field: string): Cause[] {
  const { lifecycle } = container
  const hooks = isRecord(lifecycle) ? ['postStart', 'preStop'].filter(name => isRecord(lifecycle[name])).flatMap(name => actionCauses((lifecycle as Fields)[name] as Fields, `${field}.lifecycle.${name}`)) : []
  return [...hooks, ...probeNames.flatMap(name => probeCauses(container[name], name, `${field}.${name}`))]
}
