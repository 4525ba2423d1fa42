import { isRecord, type KubeObject } from '../../../core/sdk/index.js'
import { invalidValue, invalidValues, requiredValue } from '../causes.js'
import { timestamp } from '../context.js'
import { label1035Problems, pathSegmentProblems, portProblems, subdomainProblems } from '../names.js'
import { at, listAt, numberAt, textAt } from './cells.js'
import { ageColumn, builtin, column, createdColumn, fill, within } from './row.js'
import { needed } from './rules.js'
import type { By, Cause, Draft, KindRow } from './types.js'

const options = { namespaced: false, categories: ['api-extensions'], subresources: { status: true } } as const

const definitions = builtin('apiextensions.k8s.io/v1', 'customresourcedefinitions', 'CustomResourceDefinition', {
  ...options,
  shortNames: ['crd', 'crds'],
  strategy: {
    defaults: draft => {
      if (!isRecord(draft.spec)) return
      const names = within(draft.spec, 'names')
      if (typeof names.kind === 'string') fill(names, { singular: names.kind.toLowerCase(), listKind: `${names.kind}List` })
      fill(within(draft.spec, 'conversion'), { strategy: 'None' })
      const service = at(draft.spec, 'conversion.webhook.clientConfig.service')
      if (isRecord(service)) fill(service, { port: 443 })
    },
  },
  columns: [createdColumn],
})

/** A version of a group is named by both. */
function nameCauses (object: KubeObject): Cause[] {
  const { name } = object.metadata
  const wanted = `${textAt(object, 'spec.version')}.${textAt(object, 'spec.group')}`
  const problems = pathSegmentProblems(name)
  if (problems.length) return invalidValues('metadata.name', name, problems)
  return name === wanted ? [] : [invalidValue('metadata.name', name, `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(wanted)}`)]
}

function priorityCauses (object: KubeObject, path: string, most: number): Cause[] {
  const value = numberAt(object, path)
  return value > 0 && value <= most ? [] : [invalidValue(path, value, `must be positive and less than ${most}`)]
}

function localCauses (object: KubeObject): Cause[] {
  const bundle = textAt(object, 'spec.caBundle')
  return [
    ...bundle ? [invalidValue('spec.caBundle', `${Buffer.from(bundle, 'base64').length} bytes`, 'local APIServices may not have a caBundle')] : [],
    ...at(object, 'spec.insecureSkipTLSVerify') === true ? [invalidValue('spec.insecureSkipTLSVerify', true, 'local APIServices may not have insecureSkipTLSVerify')] : [],
  ]
}

function remoteCauses (object: KubeObject): Cause[] {
  const port = at(object, 'spec.service.port')
  const problems = portProblems(port)
  return [
    ...needed(object, 'spec.service.namespace', 'spec.service.name'),
    ...problems.length ? [invalidValue('spec.service.port', port, `port is not valid: ${problems.join(', ')}`)] : [],
    ...at(object, 'spec.insecureSkipTLSVerify') === true && textAt(object, 'spec.caBundle') ? [invalidValue('spec.insecureSkipTLSVerify', true, 'may not be true if caBundle is present')] : [],
  ]
}

function serviceCauses (object: KubeObject): Cause[] {
  const [group, version] = [textAt(object, 'spec.group'), textAt(object, 'spec.version')]
  return [
    ...nameCauses(object),
    ...group === '' && version !== 'v1' ? [requiredValue('spec.group', 'only v1 may have an empty group and it better be legacy kube')] : [],
    ...group ? invalidValues('spec.group', group, subdomainProblems(group)) : [],
    ...invalidValues('spec.version', version, label1035Problems(version)),
    ...priorityCauses(object, 'spec.groupPriorityMinimum', 20000),
    ...priorityCauses(object, 'spec.versionPriority', 1000),
    ...isRecord(at(object, 'spec.service')) ? remoteCauses(object) : localCauses(object),
  ]
}

/** What is served here is there at once. */
function prepareService (draft: Draft, { now }: By): void {
  const local = { type: 'Available', status: 'True', lastTransitionTime: timestamp(now), reason: 'Local', message: 'Local APIServices are always available' }
  draft.status = isRecord(at(draft, 'spec.service')) ? {} : { conditions: [local] }
}

function availability (object: KubeObject): string {
  const condition = listAt(object, 'status.conditions').find(({ type }) => type === 'Available')
  if (!condition) return 'Unknown'
  return condition.status === 'True' || !condition.reason ? String(condition.status) : `${String(condition.status)} (${String(condition.reason)})`
}

const services = builtin('apiregistration.k8s.io/v1', 'apiservices', 'APIService', {
  ...options,
  strategy: {
    names: 'path',
    defaults: draft => { const service = at(draft, 'spec.service'); if (isRecord(service)) fill(service, { port: 443 }) },
    prepareCreate: prepareService,
    validate: serviceCauses,
  },
  columns: [
    column('Service', 'string', object => textAt(object, 'spec.service.name') ? `${textAt(object, 'spec.service.namespace')}/${textAt(object, 'spec.service.name')}` : 'Local'),
    column('Available', 'string', availability),
    ageColumn,
  ],
})

export const apiExtensionKinds: readonly KindRow[] = [definitions, services]
