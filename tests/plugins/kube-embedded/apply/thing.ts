import { applyObject, trackUpdate, type ManagedFieldsEntry, type Schema } from '../../../../plugins/kube-embedded/apply/index.js'
import type { KubeObject } from '../../../../core/sdk/index.js'

export type Json = Record<string, unknown>

const text = { type: 'string' }
const keyed = (items: Json, ...keys: string[]) => ({ type: 'array', items, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': keys })

const schemas: Record<string, Json> = {
  Port: { type: 'object', properties: { port: { type: 'integer' }, protocol: { type: 'string', default: 'TCP' }, host: text } },
  Container: {
    type: 'object',
    properties: {
      name: { type: 'string', default: '' },
      image: text,
      resources: { allOf: [{ $ref: '#/components/schemas/Resources' }], default: {} },
      ports: keyed({ allOf: [{ $ref: '#/components/schemas/Port' }], default: {} }, 'port', 'protocol'),
    },
    required: ['name'],
  },
  Resources: { type: 'object', properties: { limits: { type: 'object', additionalProperties: text } } },
  Spec: {
    type: 'object',
    required: ['containers'],
    properties: {
      replicas: { type: 'integer' },
      paused: { type: 'boolean' },
      containers: keyed({ $ref: '#/components/schemas/Container' }, 'name'),
      patched: { type: 'array', items: { type: 'object', properties: { key: text } }, 'x-kubernetes-patch-merge-key': 'key', 'x-kubernetes-patch-strategy': 'merge' },
      args: { type: 'array', items: text },
      zones: { type: 'array', items: text, 'x-kubernetes-list-type': 'set' },
      labels: { type: 'object', additionalProperties: text },
      selector: { type: 'object', 'x-kubernetes-map-type': 'atomic', additionalProperties: text },
      target: { 'x-kubernetes-int-or-string': true },
      open: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    },
  },
}

export const resolve = (name: string): Json | undefined => Object.hasOwn(schemas, name) ? schemas[name] : undefined
export const thingSchema: Schema = {
  root: { type: 'object', properties: { metadata: { type: 'object' }, spec: { allOf: [{ $ref: '#/components/schemas/Spec' }], default: {} }, status: { type: 'object', properties: { ready: { type: 'integer' } } } } },
  resolve,
}

export const apiVersion = 'x.io/v1'
export const thing = (spec?: Json, metadata: Json = {}, more: Json = {}): KubeObject => ({ apiVersion, kind: 'Thing', metadata: { name: 'a', namespace: 'n', ...metadata }, ...(spec ? { spec } : {}), ...more })

/** The n-th second of a day. */
export const at = (n: number) => new Date(Date.UTC(2024, 0, 1) + n * 1000).toISOString().replace('.000Z', 'Z')

export type Written = KubeObject & { spec?: Json }
export const entries = (object: KubeObject | undefined): ManagedFieldsEntry[] => (object?.metadata['managedFields'] ?? []) as ManagedFieldsEntry[]

/** What one manager has, by `who` or `who/Operation`. */
export const fieldsOf = (object: KubeObject, who: string) => entries(object).find(({ manager, operation }) => who === manager || who === `${manager}/${operation}`)?.fieldsV1

export interface Options { force?: boolean, time?: string, schema?: Schema, subresource?: string, resetFields?: string[][], apiVersion?: string, versions?: string[] }

export const apply = (live: KubeObject | undefined, applied: KubeObject, manager = 'm', { schema = thingSchema, time = at(0), force = false, ...rest }: Options = {}): Written =>
  applyObject(schema, live, applied, { manager, apiVersion, time, force, ...rest })

/** As a server stores it. */
export function update (live: KubeObject | undefined, next: KubeObject, manager = 'u', { schema = thingSchema, time = at(0), force: _, ...rest }: Options = {}): Written {
  const managedFields = trackUpdate(schema, live, next, { manager, apiVersion, time, ...rest })
  const { managedFields: sent, ...metadata } = next.metadata
  return { ...next, metadata: managedFields ? { ...metadata, managedFields } : metadata } as Written
}
