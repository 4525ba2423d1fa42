/** A piece of a kind's schema: what is declared has its type, what is not declared passes through. */
export type Fragment = Readonly<Record<string, unknown>>

export const text: Fragment = { type: 'string' }
export const flag: Fragment = { type: 'boolean' }
export const int: Fragment = { type: 'integer', format: 'int32' }
export const long: Fragment = { type: 'integer', format: 'int64' }
export const time: Fragment = { type: 'string', format: 'date-time' }
export const intOrText: Fragment = { 'x-kubernetes-int-or-string': true, format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] }
/** Of any type. */
export const open: Fragment = { 'x-kubernetes-preserve-unknown-fields': true }

export const record = (properties: Record<string, Fragment> = {}): Fragment => ({ type: 'object', properties, 'x-kubernetes-preserve-unknown-fields': true })
export const map = (values: Fragment = text): Fragment => ({ type: 'object', additionalProperties: values })
/** A list that a patch replaces. */
export const list = (items: Fragment = record()): Fragment => ({ type: 'array', items, 'x-kubernetes-list-type': 'atomic' })
/** A list of objects that a patch merges by a key; a served list of Kubernetes may have more keys than patches use. */
export const keyed = (key: string, items: Fragment, keys: readonly string[] = [key]): Fragment =>
  ({ type: 'array', items, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': keys, 'x-kubernetes-patch-merge-key': key, 'x-kubernetes-patch-strategy': 'merge' })
/** A list of values that a patch adds to. */
export const set = (items: Fragment = text): Fragment => ({ type: 'array', items, 'x-kubernetes-list-type': 'set', 'x-kubernetes-patch-strategy': 'merge' })

/** Quantities may be written as numbers. */
export const quantities: Fragment = map({ 'x-kubernetes-int-or-string': true, oneOf: [{ type: 'string' }, { type: 'number' }] })
export const conditions: Fragment = keyed('type', record({ type: text, status: text, reason: text, message: text, lastTransitionTime: time }))
export const selector: Fragment = record({ matchLabels: map(), matchExpressions: list(record({ key: text, operator: text, values: list(text) })) })

export const objectMeta: Fragment = record({
  name: text,
  generateName: text,
  namespace: text,
  labels: map(),
  annotations: map(),
  finalizers: set(),
  ownerReferences: keyed('uid', record({ apiVersion: text, kind: text, name: text, uid: text, controller: flag, blockOwnerDeletion: flag })),
})
