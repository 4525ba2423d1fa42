import { isRecord, own, type Json } from '../../../core/sdk/index.js'
import { refined as named } from '../kinds/shapes.js'

export type Fragment = Json | undefined

/** How a field is merged: lists with `keys` by these keys, lists with none by value, everything else as its type says. */
export interface Rule { readonly merge: boolean, readonly replace: boolean, readonly keys: readonly string[] }

const texts = (value: unknown): string[] => Array.isArray(value) ? value.filter(item => typeof item === 'string') : []

/** Metadata is the same in every kind, also where the schema of one leaves it open. */
const metadata: Json = {
  type: 'object',
  properties: {
    finalizers: { type: 'array', items: { type: 'string' }, 'x-kubernetes-patch-strategy': 'merge' },
    ownerReferences: { type: 'array', items: { type: 'object' }, 'x-kubernetes-patch-merge-key': 'uid', 'x-kubernetes-patch-strategy': 'merge' },
  },
}

const refined = (given: Json): Json => {
  const { schema } = named(given)
  const parts = Array.isArray(schema['allOf']) ? schema['allOf'].filter(isRecord) : []
  return parts.length === 0 ? schema : Object.assign({}, ...parts, schema) as Json
}

const record = (value: unknown): Fragment => isRecord(value) ? refined(value) : undefined

/** The root of a kind's schema, its metadata known. */
export function rootOf (openapi: Fragment): Fragment {
  const properties = isRecord(openapi?.['properties']) ? openapi['properties'] : {}
  const own = record(properties['metadata'])
  return isRecord(own?.['properties']) ? openapi : { ...openapi, properties: { ...properties, metadata } }
}

/** The schema of a field, or of a value of a map. */
export function fieldOf (schema: Fragment, key: string): Fragment {
  const properties = schema?.['properties']
  return (isRecord(properties) ? record(own(properties, key)) : undefined) ?? record(schema?.['additionalProperties'])
}

export const itemsOf = (schema: Fragment): Fragment => record(schema?.['items'])

export function ruleOf (schema: Fragment): Rule {
  const strategy = String(schema?.['x-kubernetes-patch-strategy'] ?? '').split(',')
  const key = schema?.['x-kubernetes-patch-merge-key']
  const list = schema?.['x-kubernetes-list-type']
  const stated = strategy.includes('merge') || strategy.includes('replace')
  return {
    merge: strategy.includes('merge') || (!stated && (list === 'map' || list === 'set')),
    replace: strategy.includes('replace'),
    keys: typeof key === 'string' && key !== '' ? [key] : list === 'map' ? texts(schema?.['x-kubernetes-list-map-keys']) : [],
  }
}
