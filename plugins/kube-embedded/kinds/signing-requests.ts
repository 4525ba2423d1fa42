import { isDeepStrictEqual } from 'node:util'
import { forbidden, isRecord, type KubeObject } from '../../../core/sdk/index.js'
import { masters } from '../auth/users.js'
import { duplicateValue, forbiddenValue, invalidValue, requiredValue, unsupportedValue } from '../causes.js'
import { timestamp } from '../context.js'
import { labelProblems, subdomainProblems } from '../names.js'
import { duration } from '../table/age.js'
import { at, listAt, shown, textAt } from './cells.js'
import { certificateProblem, requested, requestProblem } from './certificate-requests.js'
import { ageColumn, builtin, column, within } from './row.js'
import type { By, Cause, Draft, KindRow } from './types.js'

type Fields = Record<string, unknown>

const known = [
  'signing', 'digital signature', 'content commitment', 'key encipherment', 'key agreement', 'data encipherment', 'cert sign', 'crl sign', 'encipher only', 'decipher only', 'any', 'server auth',
  'client auth', 'code signing', 'email protection', 's/mime', 'ipsec end system', 'ipsec tunnel', 'ipsec user', 'timestamping', 'ocsp signing', 'microsoft sgc', 'netscape sgc',
].sort()

function usageCauses (object: KubeObject): Cause[] {
  const list = at(object, 'spec.usages')
  const usages = Array.isArray(list) ? list.map(String) : []
  return [
    ...usages.length ? [] : [requiredValue('spec.usages')],
    ...usages.flatMap((usage, i) => known.includes(usage) ? [] : [unsupportedValue(`spec.usages[${i}]`, usage, known)]),
    ...usages.flatMap((usage, i) => usages.indexOf(usage) < i ? [duplicateValue(`spec.usages[${i}]`, usage)] : []),
  ]
}

/** The first part of a name that breaks a rule. */
function partCauses (field: string, name: string, rule: (part: string) => string[]): Cause[] {
  const bad = name.split('.').find(part => rule(part).length)
  return bad === undefined ? [] : rule(bad).map(text => invalidValue(field, name, `validating label ${JSON.stringify(bad)}: ${text}`))
}

function signerCauses (field: string, signer: string): Cause[] {
  if (signer === '') return [requiredValue(field)]
  if (signer === 'kubernetes.io/legacy-unknown') return [invalidValue(field, signer, 'the legacy signerName is not allowed via this API version')]
  const [domain = '', path, ...more] = signer.split('/')
  if (path === undefined || more.length) return [invalidValue(field, signer, "must be a fully qualified domain and path of the form 'example.com/signer-name'")]
  return [
    ...partCauses(field, domain, labelProblems),
    ...domain.includes('.') ? [] : [invalidValue(field, domain, 'should be a domain with at least two segments separated by dots')],
    ...partCauses(field, path, subdomainProblems),
  ]
}

function specCauses (object: KubeObject): Cause[] {
  const [request, seconds] = [textAt(object, 'spec.request'), at(object, 'spec.expirationSeconds')]
  const problem = requestProblem(request)
  return [
    ...problem === undefined ? [] : [invalidValue('spec.request', request, problem)],
    ...usageCauses(object),
    ...signerCauses('spec.signerName', textAt(object, 'spec.signerName')),
    ...typeof seconds === 'number' && seconds < 600 ? [invalidValue('spec.expirationSeconds', seconds, 'may not specify a duration less than 600 seconds (10 minutes)')] : [],
  ]
}

const decisions = ['Approved', 'Denied']
const final = [...decisions, 'Failed']
const conditionsOf = (object: unknown): Fields[] => listAt(object, 'status.conditions')
const typed = (object: unknown, type: string): Fields[] => conditionsOf(object).filter(condition => condition.type === type)

function conditionCauses (object: KubeObject): Cause[] {
  const [field, types] = ['status.conditions', conditionsOf(object).map(condition => textAt(condition, 'type'))]
  return conditionsOf(object).flatMap(({ status = '' }, i) => {
    const type = types[i]!
    const allowed = final.includes(type) ? ['True'] : ['False', 'True', 'Unknown']
    const against = decisions.find(other => other !== type) ?? ''
    return [
      ...type === '' ? [requiredValue(`${field}[${i}].type`)] : [],
      ...status === '' ? [requiredValue(`${field}[${i}].status`)] : allowed.includes(String(status)) ? [] : [unsupportedValue(`${field}[${i}].status`, status, allowed)],
      ...decisions.includes(type) && types.slice(0, i).includes(against) ? [invalidValue(field, type, 'Approved and Denied conditions are mutually exclusive')] : [],
      ...types.indexOf(type) < i ? [duplicateValue(`${field}[${i}].type`, type)] : [],
    ]
  })
}

function conditionChanges (object: KubeObject, stored: KubeObject, subresource: string): Cause[] {
  const removed = final.filter(type => typed(object, type).length < typed(stored, type).length).map(type => forbiddenValue('status.conditions', `updates may not remove a condition of type ${JSON.stringify(type)}`))
  if (subresource === 'approval') return removed
  const decided = decisions.flatMap(type => {
    const [before, after] = [typed(stored, type), typed(object, type)]
    if (after.length < before.length || isDeepStrictEqual(before, after)) return []
    return [forbiddenValue('status.conditions', `updates may not ${after.length > before.length ? 'add' : 'modify'} a condition of type ${JSON.stringify(type)}`)]
  })
  return [...removed, ...decided]
}

function certificateCauses (object: KubeObject, stored: KubeObject | undefined, subresource: string): Cause[] {
  const [before, after] = [textAt(stored, 'status.certificate'), textAt(object, 'status.certificate')]
  if (before === after) return []
  const problem = after === '' ? undefined : certificateProblem(after)
  const bad = problem === undefined ? [] : [invalidValue('status.certificate', '<certificate data>', problem)]
  if (subresource !== 'status') return [...bad, forbiddenValue('status.certificate', 'updates may not set certificate content')]
  return before ? [...bad, forbiddenValue('status.certificate', 'updates may not modify existing certificate content')] : bad
}

/** The signer of certificates by which clients are known to this API. */
export const clientSigner = 'kubernetes.io/kube-apiserver-client'
export const mastersRefusal = `use of ${clientSigner} signer with ${masters} group is not allowed`

/** A request that cannot be read is refused by validation. */
function organizationsOf (request: string): readonly string[] {
  try { return requested(request).subject.organizations ?? [] } catch { return [] }
}

function prepareCreate (draft: Draft, by: By): void {
  if (textAt(draft, 'spec.signerName') === clientSigner && organizationsOf(textAt(draft, 'spec.request')).includes(masters)) {
    throw forbidden('certificatesigningrequests.certificates.k8s.io', draft.metadata.name, mastersRefusal)
  }
  takeUser(draft, by)
}

/** Whoever asks is who asks, whatever the request says. */
function takeUser (draft: Draft, { user }: By): void {
  const { username: _1, uid: _2, groups: _3, extra: _4, ...spec } = within(draft, 'spec')
  draft.spec = { ...spec, ...user ? { username: user.name, ...user.uid ? { uid: user.uid } : {}, groups: [...user.groups], ...user.extra ? { extra: structuredClone(user.extra) } : {} } : {} }
  draft.status = {}
}

/** Conditions have times, since when they are so and when they were last told. */
function stampConditions (draft: Draft, stored: KubeObject, now: string): void {
  for (const condition of conditionsOf(draft)) {
    const same = conditionsOf(stored).find(({ type, status }) => type === condition.type && status === condition.status)
    condition.lastUpdateTime ??= now
    condition.lastTransitionTime ??= same?.lastTransitionTime ?? now
  }
}

function prepareStatus (draft: Draft, stored: KubeObject, { now, subresource }: By): void {
  const status = isRecord(draft.status) ? draft.status : {}
  if (subresource === 'approval') draft.status = { ...isRecord(at(stored, 'status')) ? structuredClone(at(stored, 'status')) as Fields : {}, conditions: status.conditions ?? [] }
  stampConditions(draft, stored, timestamp(now))
}

function requestState (object: KubeObject): string {
  const types = conditionsOf(object).map(({ type }) => type)
  const decision = types.includes('Denied') ? 'Denied' : types.includes('Approved') ? 'Approved' : 'Pending'
  return [decision, ...types.includes('Failed') ? ['Failed'] : [], ...textAt(object, 'status.certificate') ? ['Issued'] : []].join(',')
}

const signingRequests = builtin('certificates.k8s.io/v1', 'certificatesigningrequests', 'CertificateSigningRequest', {
  namespaced: false,
  shortNames: ['csr'],
  subresources: { status: true, approval: true },
  strategy: {
    names: 'path',
    prepareCreate,
    prepareUpdate: (draft, stored) => { draft.spec = structuredClone(at(stored, 'spec')) },
    prepareStatus,
    validate: (object, stored, subresource = '') => [
      ...specCauses(object),
      ...conditionCauses(object),
      ...stored ? conditionChanges(object, stored, subresource) : [],
      ...certificateCauses(object, stored, subresource),
    ],
  },
  columns: [
    ageColumn,
    column('SignerName', 'string', shown('spec.signerName')),
    column('Requestor', 'string', object => textAt(object, 'spec.username')),
    column('RequestedDuration', 'string', object => { const seconds = at(object, 'spec.expirationSeconds'); return typeof seconds === 'number' ? duration(seconds * 1000) : '<none>' }),
    column('Condition', 'string', requestState),
  ],
  fields: { 'spec.signerName': object => textAt(object, 'spec.signerName') },
})

export const certificateKinds: readonly KindRow[] = [signingRequests]
