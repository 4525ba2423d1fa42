import { compareTexts, isRecord, own, type Json } from '../../../core/sdk/index.js'
import { decodeFields, encodeFields, noFields, union, type FieldSet } from './field-set.js'
import { canonical } from './values.js'

/** One manager's fields, as `metadata.managedFields` lists them. */
export interface ManagedFieldsEntry {
  manager?: string
  operation?: 'Apply' | 'Update'
  apiVersion?: string
  time?: string
  fieldsType?: 'FieldsV1'
  fieldsV1?: Record<string, unknown>
  subresource?: string
}

export interface Manager {
  readonly manager: string
  readonly subresource: string
  readonly applied: boolean
  readonly apiVersion: string
  readonly time: string | undefined
  readonly set: FieldSet
}

/** By identity: who applies has one entry, whatever the version; who updates has one for every version. */
export type Managers = Map<string, Manager>

type Identity = Pick<Manager, 'manager' | 'subresource' | 'applied' | 'apiVersion'>

/** Tells managers apart, and sorts them as Kubernetes does. */
export function identityOf ({ manager, subresource, applied, apiVersion }: Identity): string {
  const parts: [string, string][] = [['manager', manager], ['operation', applied ? 'Apply' : 'Update'], ['apiVersion', applied ? '' : apiVersion], ['subresource', subresource]]
  return `{${parts.filter(([, value]) => value !== '').map(([name, value]) => `"${name}":${canonical(value)}`).join(',')}}`
}

const textIn = (entry: Json, name: string): string => {
  const value = own(entry, name)
  if (value !== undefined && value !== null && typeof value !== 'string') throw new Error(`${name} must be a text`)
  return value ?? ''
}

function fieldsIn (entry: Json): FieldSet {
  const fields = own(entry, 'fieldsV1') ?? {}
  if (!isRecord(fields)) throw new Error('fieldsV1 must be an object')
  return decodeFields(fields)
}

function decodeManager (entry: unknown, index: number): Manager {
  if (!isRecord(entry)) throw new Error('an entry must be an object')
  const operation = textIn(entry, 'operation'); const apiVersion = textIn(entry, 'apiVersion'); const type = textIn(entry, 'fieldsType')
  if (operation !== 'Apply' && operation !== 'Update') throw new Error('operation must be `Apply` or `Update`')
  if (apiVersion === '') throw new Error('apiVersion must not be empty')
  if (type === '') throw new Error(`missing fieldsType in managed fields entry ${index}`)
  if (type !== 'FieldsV1') throw new Error(`invalid fieldsType ${JSON.stringify(type)} in managed fields entry ${index}`)
  const time = textIn(entry, 'time')
  return { manager: textIn(entry, 'manager'), subresource: textIn(entry, 'subresource'), applied: operation === 'Apply', apiVersion, time: time === '' ? undefined : time, set: fieldsIn(entry) }
}

/** Reads `metadata.managedFields`; throws an Error where any of it is malformed. Of two entries of one manager the later counts. */
export function decodeManagers (entries: unknown): Managers {
  const managers: Managers = new Map()
  for (const [index, entry] of (Array.isArray(entries) ? entries : []).entries()) {
    const manager = decodeManager(entry, index)
    managers.set(identityOf(manager), manager)
  }
  return managers
}

const seconds = (time: string | undefined): number => {
  const ms = time === undefined ? 0 : Date.parse(time)
  return Number.isNaN(ms) ? 0 : Math.floor(ms / 1000)
}

const compareManagers = (a: Manager, b: Manager): number =>
  Number(b.applied) - Number(a.applied) || seconds(a.time) - seconds(b.time) || compareTexts(a.manager, b.manager) || compareTexts(a.apiVersion, b.apiVersion) || compareTexts(a.subresource, b.subresource)

const encodeManager = ({ manager, subresource, applied, apiVersion, time, set }: Manager): ManagedFieldsEntry => ({
  ...(manager === '' ? {} : { manager }),
  operation: applied ? 'Apply' : 'Update',
  apiVersion,
  ...(time === undefined ? {} : { time }),
  fieldsType: 'FieldsV1',
  fieldsV1: encodeFields(set),
  ...(subresource === '' ? {} : { subresource }),
})

/** As `metadata.managedFields`: appliers first, then by time; undefined where nobody manages anything. */
export const encodeManagers = (managers: Managers): ManagedFieldsEntry[] | undefined =>
  managers.size === 0 ? undefined : [...managers.values()].sort(compareManagers).map(encodeManager)

/** How many managers that update are kept apart. */
export const maxUpdaters = 10

/** Puts the oldest updates of one version together as `ancient-changes`, until there are few enough. */
export function capUpdaters (managers: Managers): void {
  const updaters = [...managers].filter(([, { applied }]) => !applied).sort(([a, x], [b, y]) => seconds(x.time) - seconds(y.time) || compareTexts(a, b))
  const firsts = new Map<string, string>()
  let count = updaters.length
  for (const [id, { apiVersion }] of updaters) {
    if (count <= maxUpdaters) return
    const first = firsts.get(apiVersion)
    if (first === undefined) firsts.set(apiVersion, id)
    else if (mergeInto(managers, first, id)) count--
  }
}

function mergeInto (managers: Managers, first: string, id: string): boolean {
  const from = managers.get(id)
  if (!from) return false
  const bucket = { manager: 'ancient-changes', subresource: '', applied: false, apiVersion: from.apiVersion }
  const bucketId = identityOf(bucket)
  const oldest = managers.get(bucketId) ?? managers.get(first)
  if (!managers.has(bucketId)) managers.delete(first)
  managers.delete(id)
  managers.set(bucketId, { ...bucket, time: from.time, set: union(oldest?.set ?? noFields, from.set) })
  return true
}
