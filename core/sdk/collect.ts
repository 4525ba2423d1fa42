import type { TObject } from '@sinclair/typebox'
import type { GroupDefinition, ObjectGuard, GroupParts } from './group.js'
import { resourceKey } from '../auth/hooks.js'

/** `resource.group` of everything that is authorised at Global scope. */
export const globalResourcesOf = (groups: readonly GroupDefinition[]): Set<string> =>
  new Set(groups.flatMap(({ apiGroup = '', globalResources = [] }) => globalResources.map(resource => resource.includes('.') ? resource : resourceKey({ resource, apiGroup }))))

export const openPathsOf = (groups: readonly GroupDefinition[]): string[] => groups.flatMap(({ openPaths = [] }) => openPaths)

/** Section names → shapes, over all groups. */
export const configOf = (groups: readonly GroupDefinition[]): Record<string, TObject> =>
  Object.assign({}, ...groups.map(({ config }) => config?.properties ?? {}))

/** Adds a group's guards to the shared table. */
export function collectGuards (into: Map<string, ObjectGuard[]>, parts: GroupParts): void {
  for (const guard of parts.guards ?? []) into.set(guard.resource, [...into.get(guard.resource) ?? [], guard])
}
