import { badRequest, parseFieldSelector, parseLabelSelector, type KubeObject } from '../../core/sdk/index.js'
import type { KindRow } from './kinds/types.js'

/** Which objects a list or watch is about. */
export interface Selection {
  /** undefined selects everything. */
  readonly matches?: (object: KubeObject) => boolean
  /** The only name, where the field selector demands one. */
  readonly name?: string
  /** The same for equal selections. */
  readonly text: string
}

const common: Readonly<Record<string, (object: KubeObject) => string>> = {
  'metadata.name': ({ metadata }) => metadata.name,
  'metadata.namespace': ({ metadata }) => metadata.namespace ?? '',
}

const fieldOf = (row: KindRow, field: string) => {
  const own = row.fields && Object.hasOwn(row.fields, field) ? row.fields[field] : undefined
  const value = own ?? (Object.hasOwn(common, field) ? common[field] : undefined)
  if (!value) throw badRequest(row.fields ? `field label not supported: ${field}` : `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`)
  return value
}

/** Reads labelSelector and fieldSelector; 400 for what is not a selector or names a field that the kind does not offer. */
export function selectionOf (row: KindRow, query: URLSearchParams): Selection {
  const labelText = query.get('labelSelector') ?? ''
  const fieldText = query.get('fieldSelector') ?? ''
  if (!labelText && !fieldText) return { text: '' }
  const labels = labelText ? parseLabelSelector(labelText) : undefined
  const { terms } = fieldText ? parseFieldSelector(fieldText) : { terms: [] }
  const tests = terms.map(({ field, op, value }) => ({ read: fieldOf(row, field), equal: op === '=', value }))
  const name = terms.find(({ field, op }) => field === 'metadata.name' && op === '=')?.value
  const matches = (object: KubeObject) => (labels?.matches(object.metadata.labels) ?? true) && tests.every(({ read, equal, value }) => (read(object) === value) === equal)
  return { matches, text: `${labelText}\n${fieldText}`, ...(name === undefined ? {} : { name }) }
}
