import { TypeCompiler } from '@sinclair/typebox/compiler'
import { RuleGroupSpec, type RuleGroup } from '../../schemas/alerting/v2beta1.js'
import { qualifiedResource } from '../../schemas/kube/object.js'
import { invalid, type KubeWrite, type ObjectGuard } from '../../core/sdk/index.js'
import { groupCauses } from './group-check.js'
import { withDefaults } from './group-defaults.js'
import { levels, type Level } from './levels.js'

/** `/rules/0/alert` as Kubernetes writes it. */
const fieldOf = (pointer: string): string => pointer.replace(/\/(\d+)(?=\/|$)/g, '[$1]').replaceAll('/', '.')

const shape = TypeCompiler.Compile(RuleGroupSpec)

/** Groups are stored whole, and only where Prometheus would load them. What is on its end is left alone. */
function write (level: Level, { object, stored, info }: KubeWrite): RuleGroup | undefined {
  const group = object as RuleGroup | undefined
  if (!group || info.subresource !== '' || group.metadata.deletionTimestamp) return undefined
  const refuse = (causes: Parameters<typeof invalid>[2]) => invalid(`${level.kind.kind}.${level.kind.group}`, group.metadata.name ?? '', causes)
  const misshapen = shape.Errors(group.spec).First()
  if (misshapen) throw refuse([{ reason: 'FieldValueInvalid', field: `spec${fieldOf(misshapen.path)}`, message: misshapen.message }])
  const whole = withDefaults(level, { ...group, metadata: { ...group.metadata, namespace: info.namespace } }, stored as RuleGroup | undefined)
  const causes = groupCauses(level, whole)
  if (causes.length) throw refuse(causes)
  return { ...group, ...(whole.spec ? { spec: whole.spec } : {}) }
}

/** Rule groups where people write them: through /apis. */
export const groupGuards: readonly ObjectGuard[] = levels.map(level => ({ resource: qualifiedResource(level.kind), write: request => write(level, request) }))
