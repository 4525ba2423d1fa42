import type { KubeObject } from '../../core/sdk/index.js'
import type { WriteOptions } from './admission.js'
import { trackUpdate, type By, type ManagedFieldsEntry, type Schema } from './apply/index.js'
import { timestamp, type Context } from './context.js'
import { schemaNamed } from './kinds/shapes.js'
import type { KindRow } from './kinds/types.js'
import { apiVersion } from './status.js'

const schemas = new WeakMap<KindRow, Schema>()

/** The schema of a row as apply reads it. */
export function schemaOf (row: KindRow): Schema {
  let schema = schemas.get(row)
  if (!schema) schemas.set(row, schema = { root: row.openapi, resolve: schemaNamed, structs: row.crd === undefined })
  return schema
}

/** What is to be approved stays as it was asked, and each way to its status has its own part of it. */
const resetOfRequests: Readonly<Record<string, readonly (readonly string[])[]>> = {
  '': [['spec'], ['status']],
  approval: [['spec'], ['status', 'certificate']],
  status: [['spec'], ['status', 'conditions']],
}

/** Nobody owns a status through the main resource, nor anything else through the status. */
const resetBy = (row: KindRow, subresource: string | undefined): readonly (readonly string[])[] => row.subresources.approval
  ? resetOfRequests[subresource ?? ''] ?? []
  : subresource === 'status' ? [['spec'], ['metadata']] : row.subresources.status && subresource === undefined ? [['status']] : []

export const byOf = ({ now }: Pick<Context, 'now'>, row: KindRow, manager: string, subresource?: string): By => ({
  manager,
  apiVersion: apiVersion(row),
  time: timestamp(now()),
  resetFields: resetBy(row, subresource),
  ...(subresource ? { subresource } : {}),
})

/** A scale is a part of its object, and what it owns there has no time. */
const timeless = (fields: ManagedFieldsEntry[]): ManagedFieldsEntry[] => {
  const parts = fields.map(entry => entry.subresource === 'scale' ? without(entry) : entry)
  return [...parts.filter(({ subresource }) => subresource === 'scale'), ...parts.filter(({ subresource }) => subresource !== 'scale')]
}

const without = ({ time: _, ...entry }: ManagedFieldsEntry): ManagedFieldsEntry => entry

/** Who owns what once a draft is written; `sent` is what the client says of it. Where the options name no manager, what is there stays. */
export function managedFields (context: Context, row: KindRow, draft: KubeObject, stored: KubeObject | undefined, sent: unknown, { manager, subresource }: WriteOptions): unknown {
  if (manager === '') return sent ?? stored?.metadata['managedFields']
  const { managedFields: _, ...metadata } = draft.metadata
  const written = { ...draft, apiVersion: apiVersion(row), metadata: sent === undefined ? metadata : { ...metadata, managedFields: sent } } as KubeObject
  const fields = trackUpdate(schemaOf(row), stored, written, byOf(context, row, manager, subresource))
  return fields && subresource === 'scale' ? timeless(fields) : fields
}
