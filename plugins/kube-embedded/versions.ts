import type { KubeObject } from '../../core/sdk/index.js'
import type { Draft, KindRow } from './kinds/types.js'
import { apiVersion } from './status.js'

/** A custom object as another version of its kind shows it: what that version knows. Its defaults are for what is written. */
function shownBy (row: KindRow, object: KubeObject, version: string): KubeObject {
  const draft = { ...structuredClone(object), apiVersion: version } as Draft
  row.schema?.prune(draft)
  return draft
}

/** A stored object in the version of a row. Versions of custom kinds differ in what their schemas know (`conversion.strategy: None`), others in their name alone, unless the row converts. */
export function inVersion (row: KindRow, object: KubeObject): KubeObject {
  const version = apiVersion(row)
  if (object.apiVersion === version) return object
  if (row.crd && !row.convert) return shownBy(row, object, version)
  return { ...row.convert ? row.convert.fromStored(object) : object, apiVersion: version }
}
