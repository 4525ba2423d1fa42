import type { Kind, ObjectRef } from './types.js'

/** The canonical path of a collection, an object, or a subresource: `/apis/apps/v1/namespaces/ns/deployments/web/status`. */
export function pathOf ({ group, version, resource, namespaced }: Kind, ref: Partial<ObjectRef> = {}, subresource = ''): string {
  const root = group ? `/apis/${group}/${version}` : `/api/${version}`
  const place = namespaced && ref.namespace ? `/namespaces/${encodeURIComponent(ref.namespace)}` : ''
  const name = ref.name ? `/${encodeURIComponent(ref.name)}` : ''
  return `${root}${place}/${resource}${name}${subresource ? `/${subresource}` : ''}`
}

/** Encodes the parameters that are there. */
export const queryOf = (parameters: Record<string, string | number | boolean | undefined>): string =>
  Object.entries(parameters).filter(([, value]) => value !== undefined && value !== '').map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`).join('&')
