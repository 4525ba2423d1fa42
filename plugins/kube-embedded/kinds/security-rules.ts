import { isRecord } from '../../../core/sdk/index.js'
import { invalidValue, invalidValues } from '../causes.js'
import { at, listAt, recordAt } from './cells.js'
import { oneOf, printed } from './rules.js'
import type { Cause } from './types.js'

type Fields = Record<string, unknown>

const identity = (context: Fields, name: string, field: string): Cause[] => {
  const id = context[name]
  return typeof id === 'number' && (id < 0 || id > 0x7fffffff) ? [invalidValue(`${field}.${name}`, id, 'must be between 0 and 2147483647, inclusive')] : []
}

const setting = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/
const settingText = 'must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$'

/** Rules of the security of a whole Pod. */
export function podSecurityCauses (spec: unknown, field: string): Cause[] {
  const context = recordAt(spec, 'securityContext')
  const place = `${field}.securityContext`
  return [
    ...['fsGroup', 'runAsUser', 'runAsGroup'].flatMap(name => identity(context, name, place)),
    ...listAt(context, 'sysctls').flatMap(({ name = '' }, i) => invalidValues(`${place}.sysctls[${i}].name`, name, setting.test(String(name)) && String(name).length <= 253 ? [] : [settingText])),
    ...oneOf(`${place}.fsGroupChangePolicy`, context.fsGroupChangePolicy, ['Always', 'OnRootMismatch']),
  ]
}

const parts = { Capabilities: 'capabilities', Privileged: 'privileged', SELinuxOptions: 'seLinuxOptions', WindowsOptions: 'windowsOptions', RunAsUser: 'runAsUser', RunAsGroup: 'runAsGroup', RunAsNonRoot: 'runAsNonRoot', ReadOnlyRootFilesystem: 'readOnlyRootFilesystem', AllowPrivilegeEscalation: 'allowPrivilegeEscalation', ProcMount: 'procMount', SeccompProfile: 'seccompProfile', AppArmorProfile: 'appArmorProfile' }

const shownContext = (context: Fields): Fields => {
  const { capabilities } = context
  return { ...printed(context, parts), Capabilities: isRecord(capabilities) ? printed(capabilities, { Add: 'add', Drop: 'drop' }) : null }
}

function escalationCauses (context: Fields, field: string): Cause[] {
  if (context.allowPrivilegeEscalation !== false) return []
  const added = at(context, 'capabilities.add')
  const admin = Array.isArray(added) && added.includes('CAP_SYS_ADMIN')
  return [
    ...(context.privileged === true ? ['cannot set `allowPrivilegeEscalation` to false and `privileged` to true'] : []),
    ...(admin ? ['cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN'] : []),
  ].map(text => invalidValue(field, shownContext(context), text))
}

/** Rules of the security of a container. */
export function securityCauses (container: Fields, field: string): Cause[] {
  const { securityContext: context } = container
  if (!isRecord(context)) return []
  const place = `${field}.securityContext`
  return [
    ...['runAsUser', 'runAsGroup'].flatMap(name => identity(context, name, place)),
    ...oneOf(`${place}.procMount`, context.procMount, ['Default', 'Unmasked']),
    ...escalationCauses(context, place),
  ]
}
