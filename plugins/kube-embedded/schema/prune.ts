import { isRecord, type Json } from '../../../core/sdk/index.js'
import type { Node } from './nodes.js'
import { field } from './values.js'

const rooted = new Set(['apiVersion', 'kind', 'metadata'])

/** Removes what the schema does not know and adds its paths to `gone`. An object embedded in another, and the root, keep apiVersion, kind and metadata. */
export function prune (node: Node, value: unknown, path: string, gone: string[], isRoot = false): void {
  if (Array.isArray(value)) {
    if (node.items) value.forEach((item, i) => { prune(node.items!, item, `${path}[${i}]`, gone) })
    else if (!node.preserve) value.forEach((item, i) => { pruneOpen(item, `${path}[${i}]`, gone) })
  } else if (isRecord(value)) pruneObject(node, value, path, gone, isRoot)
}

/** Lists without a schema of their items hold values alone. */
function pruneOpen (value: unknown, path: string, gone: string[]) {
  if (!isRecord(value)) return
  for (const key of Object.keys(value)) {
    delete value[key]
    gone.push(field(path, key))
  }
}

function pruneObject (node: Node, value: Json, path: string, gone: string[], isRoot: boolean) {
  for (const key of Object.keys(value)) {
    if ((isRoot || node.embedded) && rooted.has(key)) continue
    const known = node.properties.get(key) ?? (node.additional === true ? undefined : node.additional || undefined)
    if (known) prune(known, value[key], field(path, key), gone, known.embedded)
    else if (!node.preserve && node.additional === false) {
      delete value[key]
      gone.push(field(path, key))
    }
  }
}
