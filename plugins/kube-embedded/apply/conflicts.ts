import { compareTexts, StatusError, type StatusCause } from '../../../core/sdk/index.js'
import { textsOf, type FieldSet } from './field-set.js'
import type { Manager } from './managers.js'

/** The fields that each manager owns and someone else would change, by the managers' identities. */
export type Conflicts = ReadonlyMap<string, { readonly owner: Manager, readonly set: FieldSet }>

function ownerText ({ manager, subresource, applied, apiVersion }: Manager): string {
  const name = JSON.stringify(manager) + (subresource === '' ? '' : ` with subresource ${JSON.stringify(subresource)}`)
  return applied ? name : `${name} using ${apiVersion}`
}

interface Group { readonly owner: string, readonly fields: readonly string[] }

const groupText = ({ owner, fields }: Group): string => [`conflicts with ${owner}:`, ...fields.map(field => `- ${field}`)].join('\n')

function messageOf (groups: readonly Group[], count: number): string {
  const [first] = groups
  return count === 1 && first
    ? `Apply failed with 1 conflict: conflict with ${first.owner}: ${first.fields[0]}`
    : `Apply failed with ${count} conflicts: ${groups.map(groupText).join('\n')}`
}

/** Another manager owns what the applied configuration would change: a 409 that names every field. */
export class ApplyConflict extends StatusError {
  readonly conflicts: Conflicts

  constructor (conflicts: Conflicts) {
    const groups = [...conflicts].sort(([a], [b]) => compareTexts(a, b)).map(([, { owner, set }]): Group => ({ owner: ownerText(owner), fields: [...textsOf(set)] }))
    const causes = groups.flatMap(({ owner, fields }) => fields.map((field): StatusCause => ({ reason: 'FieldManagerConflict', message: `conflict with ${owner}`, field })))
    super({ code: 409, reason: 'Conflict', message: messageOf(groups, causes.length), details: { causes } })
    this.conflicts = conflicts
  }
}
