import { Type, type TObject, type TProperties, type TSchema } from '@sinclair/typebox'
import type { Kind, KubeObject } from './object.js'

export interface PrinterColumn { name: string, type: 'string' | 'boolean' | 'integer' | 'date', jsonPath: string }

export interface DefinitionOptions {
  /** The fields beside apiVersion, kind and metadata. */
  properties: TProperties
  columns?: readonly PrinterColumn[]
  categories?: readonly string[]
  shortNames?: readonly string[]
  /** The status is written by a path of its own. */
  statusSubresource?: boolean
}

/** A list of texts, as most lists of a Kubernetes object are. */
export const Texts = Type.Array(Type.String())
export const text = Type.String()
export const optional = Type.Optional
/** An object with its own fields only; what a schema does not name is dropped. */
export const fields = (properties: TProperties, options: Record<string, unknown> = {}): TObject => Type.Object(properties, options)
/** Values of one shape under free names. */
export const mapOf = (values: TSchema): TSchema => Type.Unsafe({ type: 'object', additionalProperties: values })
/** An object of any content. */
export const Anything = Type.Unsafe({ type: 'object', 'x-kubernetes-preserve-unknown-fields': true })
/** An object whose fields are all dropped. */
export const Nothing = Type.Unsafe({ type: 'object' })
export const Time = Type.String({ format: 'date-time' })
export const Quantity = Type.Unsafe({
  anyOf: [{ type: 'integer' }, { type: 'string' }],
  pattern: '^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$',
  'x-kubernetes-int-or-string': true,
})

export const PolicyRules = Type.Array(fields({ verbs: Texts, apiGroups: optional(Texts), resources: optional(Texts), resourceNames: optional(Texts), nonResourceURLs: optional(Texts) }))
const atomic = { 'x-kubernetes-map-type': 'atomic' }
export const Subjects = Type.Array(fields({ kind: text, name: text, apiGroup: optional(text), namespace: optional(text) }, atomic))
export const RoleRef = fields({ apiGroup: text, kind: text, name: text }, atomic)
export const LabelSelector = fields({
  matchLabels: optional(mapOf(text)),
  matchExpressions: optional(Type.Array(fields({ key: text, operator: text, values: optional(Texts) }))),
}, atomic)

export const age: PrinterColumn = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' }
export const ofWorkspace: PrinterColumn = { name: 'Workspace', type: 'string', jsonPath: '.metadata.labels.kubesphere\\.io/workspace' }

/** The CustomResourceDefinition of a kind with one version. */
export function definitionOf ({ group, version, resource, kind, namespaced }: Kind, { properties, columns = [], categories = [], shortNames = [], statusSubresource = false }: DefinitionOptions): KubeObject {
  const schema = Type.Object({ apiVersion: Type.Optional(Type.String()), kind: Type.Optional(Type.String()), metadata: Type.Optional(Nothing), ...properties })
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${resource}.${group}` },
    spec: {
      group,
      scope: namespaced ? 'Namespaced' : 'Cluster',
      names: { plural: resource, singular: kind.toLowerCase(), kind, listKind: `${kind}List`, ...(categories.length ? { categories } : {}), ...(shortNames.length ? { shortNames } : {}) },
      versions: [{
        name: version,
        served: true,
        storage: true,
        schema: { openAPIV3Schema: JSON.parse(JSON.stringify(schema)) as unknown },
        ...(columns.length ? { additionalPrinterColumns: columns } : {}),
        ...(statusSubresource ? { subresources: { status: {} } } : {}),
      }],
    },
  } as KubeObject
}
