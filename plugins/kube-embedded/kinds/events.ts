import { isRecord, type KubeObject } from '../../../core/sdk/index.js'
import { invalidValue, invalidValues, requiredValue } from '../causes.js'
import { qualifiedNameProblems } from '../names.js'
import { at, numberAt, recordAt, shown, textAt } from './cells.js'
import { builtin, column, fill, wide, type Kind } from './row.js'
import { changed, fixed } from './rules.js'
import type { Cause, Draft, KindRow } from './types.js'

/** What the fields of events.k8s.io/v1 are called in the core group. */
const names: Readonly<Record<string, string>> = {
  regarding: 'involvedObject',
  note: 'message',
  reportingController: 'reportingComponent',
  deprecatedSource: 'source',
  deprecatedFirstTimestamp: 'firstTimestamp',
  deprecatedLastTimestamp: 'lastTimestamp',
  deprecatedCount: 'count',
}
const back = Object.fromEntries(Object.entries(names).map(([newer, older]) => [older, newer]))

function rename (draft: Draft, dictionary: Readonly<Record<string, string>>): void {
  for (const [from, to] of Object.entries(dictionary)) {
    if (draft[from] !== undefined) draft[to] = draft[from]
    delete draft[from]
  }
}

const conversion: NonNullable<Kind['convert']> = { toStored: draft => { rename(draft, names) }, fromStored: draft => { rename(draft, back) } }

const elsewhere = (object: KubeObject, spaces: readonly string[]): Cause[] => {
  const about = textAt(object, 'involvedObject.namespace')
  const own = object.metadata.namespace ?? ''
  return (about === '' ? spaces : [about]).includes(own) ? [] : [invalidValue('involvedObject.namespace', about, 'does not match event.namespace')]
}

const most = (object: KubeObject, field: string, length: number): Cause[] => textAt(object, field).length > length ? [invalidValue(field, '', `can have at most ${length} characters`)] : []
const needed = (object: KubeObject, field: string): Cause[] => textAt(object, field) ? [] : [requiredValue(field)]

/** An event that says when it happened says who tells it, too. */
function reportCauses (object: KubeObject, reporter: string): Cause[] {
  const component = textAt(object, 'reportingComponent')
  const about = textAt(object, 'involvedObject.namespace')
  return [
    ...about ? [] : elsewhere(object, ['default', 'kube-system']),
    ...component ? [] : [requiredValue(reporter)],
    ...invalidValues(reporter, component, qualifiedNameProblems(component)),
    ...['reportingInstance', 'action', 'reason'].flatMap(field => [...needed(object, field), ...most(object, field, 128)]),
    ...most(object, 'message', 1024),
  ]
}

function seriesCauses (object: KubeObject): Cause[] {
  if (!isRecord(at(object, 'series'))) return []
  return [
    ...numberAt(object, 'series.count') < 2 ? [invalidValue('series.count', '', 'should be at least 2')] : [],
    ...at(object, 'series.lastObservedTime') ? [] : [requiredValue('series.lastObservedTime')],
  ]
}

/** The newer version takes nothing that only the older one has. */
function newerCauses (object: KubeObject): Cause[] {
  const type = textAt(object, 'type')
  const source = recordAt(object, 'source')
  const left = (field: string, given: boolean): Cause[] => given ? [invalidValue(field, '', 'needs to be unset')] : []
  return [
    ...seriesCauses(object),
    ...at(object, 'eventTime') ? [] : [requiredValue('eventTime')],
    ...type === 'Normal' || type === 'Warning' ? [] : [invalidValue('type', '', `has invalid value: ${type}`)],
    ...left('firstTimestamp', Boolean(at(object, 'firstTimestamp'))),
    ...left('lastTimestamp', Boolean(at(object, 'lastTimestamp'))),
    ...left('count', numberAt(object, 'count') !== 0),
    ...left('source', Boolean(source.component || source.host)),
  ]
}

const kept = ['involvedObject', 'reason', 'message', 'source', 'firstTimestamp', 'lastTimestamp', 'count', 'type', 'eventTime', 'action', 'related', 'reportingInstance']

function newerChanges (object: KubeObject, stored: KubeObject): Cause[] {
  const reporter = changed(object, stored, 'reportingComponent') ? [invalidValue('reportingController', textAt(object, 'reportingComponent'), 'field is immutable')] : []
  return [...changed(object, stored, 'series') ? seriesCauses(object) : [], ...fixed(object, stored, ...kept), ...reporter]
}

function eventCauses (object: KubeObject, newer: boolean, stored?: KubeObject): Cause[] {
  const common = at(object, 'eventTime') ? reportCauses(object, newer ? 'reportingController' : 'reportingComponent') : elsewhere(object, ['', 'default'])
  return newer ? [...common, ...stored ? newerChanges(object, stored) : newerCauses(object)] : common
}

const subject = (key: string) => (object: KubeObject): string => textAt(object, `involvedObject.${key}`)
const first = (object: KubeObject): unknown => at(object, 'firstTimestamp') ?? at(object, 'eventTime') ?? '<unknown>'
const last = (object: KubeObject): unknown => isRecord(at(object, 'series')) ? at(object, 'series.lastObservedTime') ?? '<unknown>' : at(object, 'lastTimestamp') ?? first(object)
const about = (object: KubeObject): string => [subject('kind')(object).toLowerCase(), ...subject('name')(object) ? [subject('name')(object)] : []].join('/')
const teller = (object: KubeObject): string => textAt(object, 'source.component') || textAt(object, 'reportingComponent')

function source (object: KubeObject): string {
  const instance = textAt(object, 'source.host') || textAt(object, 'reportingInstance')
  return instance ? `${teller(object)}, ${instance}` : teller(object)
}

const parts = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath']
const fieldsOf = (prefix: string) => Object.fromEntries(parts.map(key => [`${prefix}.${key}`, subject(key)]))
const texts = (...keys: string[]) => Object.fromEntries(keys.map(key => [key, (object: KubeObject) => textAt(object, key)]))

/** Who tells of it is always there, if by no name. */
const nameReporter = (draft: Draft): void => { fill(draft, { reportingComponent: '', reportingInstance: '' }) }

/** Events of both groups are one kind of object. */
const event = (apiVersion: string, newer: boolean): KindRow => builtin(apiVersion, 'events', 'Event', {
  shortNames: ['ev'],
  bucket: 'core/events',
  storageVersion: 'v1',
  ...newer ? { convert: conversion } : {},
  strategy: { prepareCreate: nameReporter, prepareUpdate: nameReporter, validate: (object, stored) => eventCauses(object, newer, stored) },
  columns: [
    column('Last Seen', 'date', last),
    column('Type', 'string', shown('type')),
    column('Reason', 'string', shown('reason')),
    column('Object', 'string', about),
    wide('Subobject', 'string', subject('fieldPath')),
    wide('Source', 'string', source),
    column('Message', 'string', object => textAt(object, 'message').trim()),
    wide('First Seen', 'date', first),
    wide('Count', 'string', object => numberAt(object, isRecord(at(object, 'series')) ? 'series.count' : 'count') || 1),
    { ...wide('Name', 'string', ({ metadata }) => metadata.name), format: 'name' },
  ],
  fields: newer
    ? { ...fieldsOf('regarding'), ...texts('reason', 'type'), reportingController: object => textAt(object, 'reportingComponent') }
    : { ...fieldsOf('involvedObject'), ...texts('reason', 'type', 'reportingComponent'), source: teller },
})

export const eventKinds: readonly KindRow[] = [event('v1', false), event('events.k8s.io/v1', true)]
