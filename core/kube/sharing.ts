import { LRUCache } from 'lru-cache'
import type { KubeObject } from './types.js'

/** Texts of one generation; two are kept. Longer ones are seldom the same twice. */
const texts = { most: 32_768, longest: 128 }
/** Parts, and the JSON of all that are kept. */
const parts = new LRUCache<string, object>({ max: 16_384, maxSize: 8 * 1024 * 1024, maxEntrySize: 64 * 1024, sizeCalculation: (_part, text) => text.length })

let young = new Map<string, string>()
let old = new Map<string, string>()

/**
 * The one copy of a text that many objects have in common, as names, labels and API groups are: JSON makes a new one at every place. What has not been
 * met for long is forgotten.
 */
function sharedText (text: string): string {
  if (text.length > texts.longest) return text
  const known = young.get(text)
  if (known !== undefined) return known
  const kept = old.get(text) ?? text
  if (young.size >= texts.most) [old, young] = [young, new Map()]
  young.set(kept, kept)
  return kept
}

/** The one copy of a part that many objects have in common, as the rules of a role are that every project has: nobody may change it from now on. */
function sharedPart<T extends object> (part: T): T {
  const text = JSON.stringify(part)
  const known = parts.get(text)
  if (known) return known as T
  parts.set(text, part)
  return part
}

/** Fields whose texts recur from object to object; what is secret is in none of them. */
const recurring = new Set(['apiVersion', 'kind', 'metadata', 'subjects', 'roleRef', 'rules'])
/** And these do not. */
const unique = new Set(['uid', 'resourceVersion'])

/** Freezes a freshly parsed value all the way down; `recurs`: its texts are shared with those of other objects. */
function deepFreeze<T> (value: T, recurs: (key: string) => boolean): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  const record = value as Record<string, unknown>
  for (const key of Object.keys(record)) {
    const inner = record[key]
    if (typeof inner !== 'string') deepFreeze(inner, recurs(key) ? within : never)
    else if (recurs(key)) record[key] = sharedText(inner)
  }
  return Object.freeze(value)
}

const within = (key: string): boolean => !unique.has(key)
const never = (): boolean => false

/** Roles are copied into every workspace and project, and people are named in many bindings: what they say is kept once. */
function withSharedParts<T extends KubeObject & { rules?: unknown, subjects?: unknown, roleRef?: unknown }> (object: T): T {
  const { metadata } = object
  for (const key of ['rules', 'subjects', 'roleRef'] as const) if (typeof object[key] === 'object' && object[key] !== null) object[key] = sharedPart(object[key])
  if (metadata.ownerReferences) metadata.ownerReferences = sharedPart(metadata.ownerReferences)
  if (Array.isArray(object.rules)) for (const key of ['labels', 'annotations'] as const) if (metadata[key]) metadata[key] = sharedPart(metadata[key])
  return object
}

/**
 * A freshly parsed object as it is kept: without the bookkeeping of Kubernetes that nobody here reads, frozen all the way down, and with what it has in
 * common with others shared.
 */
export function kept<T extends KubeObject> (object: T): T {
  if (Object.isFrozen(object)) return object
  delete object.metadata.managedFields
  return deepFreeze(withSharedParts(object), key => recurring.has(key))
}
