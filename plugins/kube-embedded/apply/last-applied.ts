import { isRecord, own, type Json } from '../../../core/sdk/index.js'
import { compare } from './compare.js'
import { ApplyConflict } from './conflicts.js'
import { difference, union, type FieldSet } from './field-set.js'
import { fieldsOf } from './members.js'
import type { Node } from './nodes.js'
import { validate } from './validate.js'
import { canonical } from './values.js'

const annotation = 'kubectl.kubernetes.io/last-applied-configuration'
const maxAnnotations = 256 * 1024

const annotationsOf = (object: Json): Json => {
  const metadata = own(object, 'metadata')
  const annotations = isRecord(metadata) ? own(metadata, 'annotations') : undefined
  return isRecord(annotations) ? annotations : {}
}

const lastApplied = (object: Json): string => {
  const text = own(annotationsOf(object), annotation)
  return typeof text === 'string' ? text : ''
}

/** What `kubectl apply` wrote from the client and nobody has changed since; undefined where the annotation tells nothing. */
function fieldsLeft (node: Node, live: Json, apiVersion: string): FieldSet | undefined {
  try {
    const config: unknown = JSON.parse(lastApplied(live))
    if (!isRecord(config) || config['apiVersion'] !== apiVersion) return undefined
    for (const object of [live, config]) validate(node, object, { duplicates: false })
    const { added, modified, removed } = compare(node, config, live)
    return difference(fieldsOf(node, config), union(union(modified, added), removed))
  } catch {
    return undefined
  }
}

/** The conflicts that remain for kubectl, which takes over what it wrote from the client; undefined where none do. */
export function remaining (error: ApplyConflict, node: Node, live: Json, apiVersion: string): ApplyConflict | undefined {
  const allowed = fieldsLeft(node, live, apiVersion)
  if (!allowed) return error
  const rest = [...error.conflicts].map(([id, { owner, set }]) => [id, { owner, set: difference(set, allowed) }] as const).filter(([, { set }]) => set.size > 0)
  return rest.length > 0 ? new ApplyConflict(new Map(rest)) : undefined
}

function textOf (applied: Json): string {
  const metadata = isRecord(applied['metadata']) ? applied['metadata'] : {}
  const { [annotation]: _, ...annotations } = annotationsOf(applied)
  return `${canonical({ ...applied, metadata: isRecord(metadata['annotations']) ? { ...metadata, annotations } : metadata })}\n`
}

const sizeOf = (annotations: Json): number => Object.entries(annotations).reduce((size, [key, value]) => size + Buffer.byteLength(key) + Buffer.byteLength(String(value)), 0)

/** Keeps kubectl's annotation, where `object` has one, true to what it applied. Changes `object`. */
export function syncLastApplied (object: Json, applied: Json): void {
  if (lastApplied(object) === '') return
  const annotations = annotationsOf(object)
  annotations[annotation] = textOf(applied)
  if (sizeOf(annotations) > maxAnnotations) delete annotations[annotation]
}
