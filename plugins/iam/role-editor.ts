import { labels } from '../../schemas/iam/v1alpha2.js'
import type { PolicyRule, RoleObject } from '../../schemas/kube/builtin.js'
import { badRequest, type Identity, type Kube, type Metadata } from '../../core/sdk/index.js'
import { aggregated, shownRole, type Catalog } from './catalog.js'
import { missing, nowhere } from './errors.js'
import type { Holdings } from './holdings.js'
import { writable } from './metadata.js'
import { isNowhere, scopes, type Place } from './places.js'
import { sameRules } from './rules.js'
import type { Writer } from './writer.js'

export interface RoleEditorOptions { kube: Kube, catalog: Catalog, holdings: Holdings, writer: Writer }

/** Roles that one may be put together from. */
const mostParts = 500

/** Roles of a place as people write them: put together from others of the place, never from rules of their own. */
export function createRoleEditor ({ kube, catalog, holdings, writer }: RoleEditorOptions) {
  const refOf = ({ scope, name: namespace }: Place, name: string) => ({ name, ...(scope === 'namespace' ? { namespace } : {}) })

  /** The stored role; undefined where there is none, a 404 where it is another workspace's. */
  async function stored (place: Place, name: string): Promise<RoleObject | undefined> {
    const { roles: kind, placeOf } = scopes[place.scope]
    const role = await kube.find(kind, refOf(place, name))
    if (role && place.scope === 'workspace' && placeOf(role) !== place.name) throw missing(kind, name)
    return role
  }

  function rulesOf (place: Place, metadata: Metadata): PolicyRule[] {
    const names = aggregated({ metadata })
    if (names.length > mostParts) throw badRequest(`a role is put together from at most ${mostParts} others`)
    return names.flatMap(name => {
      const part = catalog.part(place, name)
      if (!part) throw missing(scopes[place.scope].roles, name)
      return part.rules ?? []
    })
  }

  function placed (place: Place, { namespace, ...metadata }: Metadata): Metadata {
    if (isNowhere(place)) throw nowhere()
    if (place.scope === 'namespace' && namespace && namespace !== place.name) throw badRequest(`the namespace of the object (${namespace}) does not match the namespace on the URL (${place.name})`)
    const mark = scopes[place.scope].mark(place.name)
    return { ...metadata, ...mark, ...(mark.labels ? { labels: { ...metadata.labels, ...mark.labels } } : {}) } as Metadata
  }

  return {
    /** As 3.x: with a resourceVersion the role is written over, without one it is new, whatever the method. */
    async save (caller: Identity, place: Place, asked: Metadata): Promise<RoleObject> {
      const kind = scopes[place.scope].roles
      const old = asked.resourceVersion && asked.name ? await stored(place, asked.name) : undefined
      const metadata = placed(place, writable(asked, old?.metadata, { administrator: holdings.isAdministrator(caller) }))
      const rules = rulesOf(place, metadata)
      if (!sameRules(old?.rules, rules)) holdings.requireRules(caller, place, asked.name, rules)
      const role = { metadata, rules }
      return shownRole(await (asked.resourceVersion ? writer.update(kind, role) : writer.create(kind, role)), place)
    },

    /** A merge patch of the metadata; the rules follow where other parts are named. */
    async patch (caller: Identity, place: Place, name: string, asked: Metadata): Promise<RoleObject> {
      const kind = scopes[place.scope].roles
      const old = await stored(place, name)
      if (!old) throw missing(kind, name)
      const { labels: ownLabels, annotations, resourceVersion } = writable(placed(place, asked), undefined, { administrator: holdings.isAdministrator(caller), free: [labels.workspace] })
      const rules = aggregated({ metadata: asked }).length ? rulesOf(place, asked) : undefined
      if (rules && !sameRules(old.rules, rules)) holdings.requireRules(caller, place, name, rules)
      const metadata = { uid: old.metadata.uid, resourceVersion, labels: asked.labels ? ownLabels : undefined, annotations }
      return shownRole(await writer.patch(kind, refOf(place, name), { metadata, ...(rules ? { rules } : {}) }), place)
    },

    async remove (place: Place, name: string): Promise<void> {
      const kind = scopes[place.scope].roles
      if (place.scope !== 'workspace') return writer.remove(kind, refOf(place, name))
      const old = await stored(place, name)
      if (!old) throw missing(kind, name)
      return writer.remove(kind, refOf(place, name), { uid: old.metadata.uid })
    },
  }
}

export type RoleEditor = ReturnType<typeof createRoleEditor>
