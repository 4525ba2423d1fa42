import type { Json, KubeObject } from '../../../core/sdk/index.js'
import { jsonPatch } from './json.js'
import { mergePatch } from './merge.js'
import { strategicPatch } from './strategic.js'

/**
 * `current` with a patch in it, as a fresh value; both arguments stay as they are. `openapi` is the schema of the kind, for the merge keys of strategic patches.
 * The answer may be of any shape that the patch asked for: check it as a body. StatusErrors: 400 undecodable, 413 too many operations, 422 what does not fit.
 */
export function applyPatch (type: 'json' | 'merge' | 'strategic', current: KubeObject, patch: unknown, openapi?: Record<string, unknown>): KubeObject {
  const object = current as unknown as Json
  if (type === 'json') return jsonPatch(object, patch) as KubeObject
  return (type === 'merge' ? mergePatch(object, patch) : strategicPatch(object, patch, openapi)) as unknown as KubeObject
}
