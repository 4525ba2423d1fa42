import type { KubeObject } from '../../../core/sdk/index.js'
import { complete, decode } from './decode.js'
import { schemaNamed, schemaNameOf, shapeOf } from './shapes.js'
import type { Column, CompiledSchema, Conversion, Draft, KindRow } from './types.js'

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'] as const

/** What a built-in kind says of itself; names, bucket and verbs follow from it. */
export interface Kind extends Partial<Omit<KindRow, 'group' | 'version' | 'resource' | 'kind' | 'openapi' | 'schema' | 'crd' | 'convert'>> {
  /** Both ways in place. */
  convert?: { toStored: (draft: Draft) => void, fromStored: (draft: Draft) => void }
}

/** The shape of a kind as its three passes over a draft. */
function compiled (openapi: Record<string, unknown>, kind: string, version: string): CompiledSchema {
  const shape = shapeOf(openapi)
  return {
    prune: draft => decode(shape, draft, { kind, version }),
    default: () => {},
    complete: draft => { complete(shape, draft) },
    validate: () => [],
  }
}

function partsOf (apiVersion: string): { group: string, version: string } {
  const slash = apiVersion.indexOf('/')
  return { group: slash < 0 ? '' : apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) }
}

function conversion (root: Record<string, unknown>, storageVersion: string, kind: string, { toStored, fromStored }: NonNullable<Kind['convert']>): Conversion {
  const { group, version } = partsOf(storageVersion)
  const [own, stored] = [shapeOf(root), shapeOf({ $ref: `#/components/schemas/${schemaNameOf(group, version, kind)}` })]
  return {
    toStored,
    fromStored: object => {
      const draft = structuredClone(object) as Draft
      fromStored(draft)
      complete(own, draft)
      return draft
    },
    complete: draft => { complete(stored, draft) },
  }
}

/** The row of a built-in kind. */
export function builtin (apiVersion: string, resource: string, kind: string, { strategy = {}, columns = [ageColumn], convert, ...more }: Kind = {}): KindRow {
  const { group, version } = partsOf(apiVersion)
  const name = schemaNameOf(group, version, kind)
  const openapi = schemaNamed(name)
  if (!openapi) throw new Error(`there is no schema ${name}: run scripts/real/schemas.ts`)
  // Named, so that it is read once however it is reached.
  const root = { $ref: `#/components/schemas/${name}` }
  return {
    group,
    version,
    resource,
    singular: kind.toLowerCase(),
    kind,
    listKind: `${kind}List`,
    namespaced: true,
    shortNames: [],
    categories: [],
    bucket: `${group || 'core'}/${resource}`,
    storageVersion: apiVersion,
    verbs,
    subresources: {},
    columns,
    strategy,
    schema: compiled(root, kind, version),
    openapi,
    ...convert ? { convert: conversion(root, more.storageVersion ?? apiVersion, kind, convert) } : {},
    ...more,
  }
}

/** A column of `kubectl get`; `wide` ones are for `-o wide`. */
export const column = (name: string, type: Column['type'], value: Column['value'], description = ''): Column => ({ name, type, description, priority: 0, value })
export const wide = (name: string, type: Column['type'], value: Column['value'], description = ''): Column => ({ ...column(name, type, value, description), priority: 1 })

export const ageColumn: Column = column('Age', 'date', ({ metadata }: KubeObject) => metadata.creationTimestamp ?? '<unknown>')
/** The only column of kinds that Kubernetes prints in no way of their own. */
export const createdColumn: Column = column('Created At', 'time', ({ metadata }: KubeObject) => metadata.creationTimestamp ?? '')

/** A draft as the fields that its kind declares. */
export const as = <T>(object: KubeObject) => object as KubeObject & T

/** Sets what is not there. */
export function fill (target: Record<string, unknown>, values: Record<string, unknown>) {
  for (const [key, value] of Object.entries(values)) if (target[key] === undefined) target[key] = value
}

/** The object under a key, made where it is not there. */
export function within (target: Draft | Record<string, unknown>, key: string): Record<string, unknown> {
  const fields = target as Record<string, unknown>
  fields[key] ??= {}
  return fields[key] as Record<string, unknown>
}
