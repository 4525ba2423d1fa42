import { invalidValue, requiredValue } from '../metadata.js'
import { at, count, isRecord, listAt, shown, textAt } from './cells.js'
import { conditions, flag, int, keyed, list, record, text, type Fragment } from './fragments.js'
import { ageColumn, builtin, column, fill, within } from './row.js'
import type { KindRow } from './types.js'

const cluster = { namespaced: false } as const

const leases = builtin('coordination.k8s.io/v1', 'leases', 'Lease', {
  properties: { spec: record({ holderIdentity: text, leaseDurationSeconds: int, acquireTime: text, renewTime: text, leaseTransitions: int }) },
  columns: [column('Holder', 'string', object => textAt(object, 'spec.holderIdentity')), ageColumn],
})

const priorityClasses = builtin('scheduling.k8s.io/v1', 'priorityclasses', 'PriorityClass', {
  ...cluster,
  shortNames: ['pc'],
  properties: { value: int, globalDefault: flag, description: text, preemptionPolicy: text },
  strategy: {
    defaults: draft => { fill(draft, { preemptionPolicy: 'PreemptLowerPriority' }) },
    validate: (object, stored) => stored && at(object, 'value') !== at(stored, 'value') ? [invalidValue('value', at(object, 'value'), 'field is immutable')] : [],
  },
  columns: [
    column('Value', 'integer', count('value')),
    column('Global-Default', 'boolean', object => at(object, 'globalDefault') === true),
    ageColumn,
    column('PreemptionPolicy', 'string', shown('preemptionPolicy')),
  ],
})

const requestState = (object: unknown): string => {
  const types = listAt(object, 'status.conditions').map(({ type }) => String(type))
  const issued = textAt(object, 'status.certificate') ? ['Issued'] : []
  return [...(types.length ? types : ['Pending']), ...issued].join(',')
}

const signingRequests = builtin('certificates.k8s.io/v1', 'certificatesigningrequests', 'CertificateSigningRequest', {
  ...cluster,
  shortNames: ['csr'],
  subresources: { status: true },
  properties: { spec: record({ request: text, signerName: text, usages: list(text), expirationSeconds: int, username: text, groups: list(text) }), status: record({ conditions, certificate: text }) },
  strategy: {
    prepareCreate: draft => { draft.status = {} },
    validate: object => ['request', 'signerName'].flatMap(key => textAt(object, `spec.${key}`) ? [] : [requiredValue(`spec.${key}`)]),
  },
  columns: [
    ageColumn,
    column('SignerName', 'string', shown('spec.signerName')),
    column('Requestor', 'string', shown('spec.username')),
    column('RequestedDuration', 'string', object => at(object, 'spec.expirationSeconds') === undefined ? '<none>' : `${String(at(object, 'spec.expirationSeconds'))}s`),
    column('Condition', 'string', requestState),
  ],
  fields: { 'spec.signerName': object => textAt(object, 'spec.signerName') },
})

const webhooks = (resource: string, kind: string): KindRow => builtin('admissionregistration.k8s.io/v1', resource, kind, {
  ...cluster,
  categories: ['api-extensions'],
  properties: { webhooks: keyed('name', record({ name: text })) },
  columns: [column('Webhooks', 'integer', object => listAt(object, 'webhooks').length), ageColumn],
})

const version: Fragment = record({ name: text, served: flag, storage: flag })

const customResourceDefinitions = builtin('apiextensions.k8s.io/v1', 'customresourcedefinitions', 'CustomResourceDefinition', {
  ...cluster,
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  subresources: { status: true },
  properties: { spec: record({ group: text, scope: text, names: record({ plural: text, singular: text, kind: text, listKind: text, shortNames: list(text), categories: list(text) }), versions: list(version), preserveUnknownFields: flag, conversion: record({ strategy: text }) }) },
  strategy: {
    defaults: draft => {
      if (!isRecord(draft.spec)) return
      const names = within(draft.spec, 'names')
      if (typeof names.kind === 'string') fill(names, { singular: names.kind.toLowerCase(), listKind: `${names.kind}List` })
      fill(within(draft.spec, 'conversion'), { strategy: 'None' })
    },
  },
  columns: [column('Created At', 'string', ({ metadata }) => metadata.creationTimestamp)],
})

const apiServices = builtin('apiregistration.k8s.io/v1', 'apiservices', 'APIService', {
  ...cluster,
  categories: ['api-extensions'],
  subresources: { status: true },
  properties: { spec: record({ group: text, version: text, groupPriorityMinimum: int, versionPriority: int, service: record() }), status: record({ conditions }) },
  columns: [
    column('Service', 'string', object => textAt(object, 'spec.service.name') ? `${textAt(object, 'spec.service.namespace')}/${textAt(object, 'spec.service.name')}` : 'Local'),
    column('Available', 'string', object => String(listAt(object, 'status.conditions').find(({ type }) => type === 'Available')?.status ?? 'Unknown')),
    ageColumn,
  ],
})

export const administrationKinds: readonly KindRow[] = [
  leases,
  priorityClasses,
  builtin('node.k8s.io/v1', 'runtimeclasses', 'RuntimeClass', { ...cluster, properties: { handler: text }, columns: [column('Handler', 'string', shown('handler')), ageColumn] }),
  signingRequests,
  webhooks('mutatingwebhookconfigurations', 'MutatingWebhookConfiguration'),
  webhooks('validatingwebhookconfigurations', 'ValidatingWebhookConfiguration'),
  customResourceDefinitions,
  apiServices,
]
