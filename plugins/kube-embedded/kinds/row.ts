import type { KubeObject } from '../../../core/sdk/index.js'
import { fit } from './fit.js'
import { objectMeta, record, type Fragment } from './fragments.js'
import type { Column, Draft, KindRow, Strategy } from './types.js'

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'] as const

/** What a built-in kind says of itself; names, bucket and verbs follow from it. */
export interface Kind extends Partial<Omit<KindRow, 'group' | 'version' | 'resource' | 'kind' | 'openapi' | 'schema' | 'crd'>> {
  /** The fields beside apiVersion, kind and metadata. */
  properties?: Record<string, Fragment>
}

/** A strategy that sees only drafts whose declared fields have their types. */
const fitted = (kind: string, version: string, openapi: Fragment, strategy: Strategy): Strategy => ({
  ...strategy,
  defaults: draft => {
    fit(kind, version, openapi, draft)
    strategy.defaults?.(draft)
  },
})

/** The row of a built-in kind. */
export function builtin (apiVersion: string, resource: string, kind: string, { properties = {}, strategy = {}, ...more }: Kind = {}): KindRow {
  const slash = apiVersion.indexOf('/')
  const group = slash < 0 ? '' : apiVersion.slice(0, slash)
  const version = apiVersion.slice(slash + 1)
  const openapi = { ...record({ metadata: objectMeta, ...properties }), 'x-kubernetes-group-version-kind': [{ group, version, kind }] }
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
    columns: [ageColumn],
    strategy: fitted(kind, version, openapi, strategy),
    openapi,
    ...more,
  }
}

/** A column of `kubectl get`; `wide` ones are for `-o wide`. */
export const column = (name: string, type: Column['type'], value: Column['value'], description = ''): Column => ({ name, type, description, priority: 0, value })
export const wide = (name: string, type: Column['type'], value: Column['value'], description = ''): Column => ({ ...column(name, type, value, description), priority: 1 })

export const ageColumn: Column = column('Age', 'date', ({ metadata }: KubeObject) => metadata.creationTimestamp ?? '<unknown>', 'When the object was created.')

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
