import { isRecord, own, type Json } from '../../../core/sdk/index.js'
import { undecodable } from './errors.js'
import { clone } from './plain.js'

/** Changes `result`, which is nobody else's. */
function mergeInto (result: Json, patch: Json): Json {
  for (const [key, value] of Object.entries(patch)) {
    if (key === '__proto__') continue
    if (value === null) delete result[key]
    else if (isRecord(value)) {
      const before = own(result, key)
      result[key] = mergeInto(isRecord(before) ? before : {}, value)
    } else result[key] = clone(value)
  }
  return result
}

/** RFC 7396; the answer shares nothing with either argument. 400 where the patch is no object. */
export function mergePatch (current: Json, patch: unknown): Json {
  if (!isRecord(patch)) throw undecodable(patch, 'map[string]interface {}')
  return mergeInto(clone(current), patch)
}
