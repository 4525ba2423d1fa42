import type { KubeObject } from '../../core/sdk/index.js'
import type { KindRow } from './kinds/types.js'
import { apiVersion } from './status.js'

/** A stored object in the version of a row. Versions differ in their name alone (`conversion.strategy: None`), unless the row converts. */
export function inVersion (row: KindRow, object: KubeObject): KubeObject {
  const version = apiVersion(row)
  if (object.apiVersion === version) return object
  return { ...row.convert ? row.convert.fromStored(object) : object, apiVersion: version }
}
