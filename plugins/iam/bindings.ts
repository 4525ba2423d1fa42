import type { BindingObject, Subject } from '../../schemas/kube/builtin.js'
import type { Kube } from '../../core/sdk/index.js'
import { isNowhere, perScope, scopeNames, type Place } from './places.js'

export const userSubjects = ({ subjects = [] }: BindingObject): string[] => subjects.flatMap(({ kind, name }) => kind === 'User' ? [name] : [])
const groupSubjects = ({ subjects = [] }: BindingObject): string[] => subjects.flatMap(({ kind, name }) => kind === 'Group' ? [name] : [])

/** Newest first, then by name from the end: the first one is the one that counts. */
export const byAge = (a: BindingObject, b: BindingObject): number => {
  const [x, y] = [a, b].map(({ metadata }) => `${metadata.creationTimestamp ?? ''} ${metadata.name}`) as [string, string]
  return x < y ? 1 : x > y ? -1 : 0
}

// Joined, for templates would keep their parts beside the whole.
const keyOf = (place: string, { kind, name }: Pick<Subject, 'kind' | 'name'>): string => [place, kind, name].join('/')
/** Somebody as bindings name them. */
export interface Person { readonly name: string, readonly groups: readonly string[] }

/** Who is bound where, from indexes that the watches keep: a look-up costs what it answers. */
export function createBindings (kube: Kube) {
  const kept = perScope(({ bindings, placeOf }, scope) => {
    const store = kube.store(bindings)
    const inPlace = scope === 'workspace' ? store.index('place', binding => [placeOf(binding)]) : undefined
    return {
      store,
      of: (name: string): readonly BindingObject[] => inPlace ? inPlace.get(name) : scope === 'namespace' ? store.list(name) : store.list(),
      bySubject: store.index('place-subject', binding => (binding.subjects ?? []).map(subject => keyOf(placeOf(binding), subject))),
      byGroup: store.index('group-subject', groupSubjects),
      byRole: store.index('role', ({ roleRef }) => [roleRef.name]),
      placeOf,
    }
  })

  const bySubject = ({ scope, name: place }: Place, kind: string, name: string): readonly BindingObject[] => kept[scope].bySubject.get(keyOf(place, { kind, name }))

  return {
    /** Grows whenever a binding of the scope changes. */
    versionOf: ({ scope }: Place): number => kept[scope].store.version,
    /** Every binding of a place. */
    of: (place: Place): readonly BindingObject[] => isNowhere(place) ? [] : kept[place.scope].of(place.name),
    /** Bindings of the platform to one role. */
    toGlobalRole: (role: string): readonly BindingObject[] => kept.global.byRole.get(role),
    /** Those that name a user, not a group, newest first. */
    ofUser: (place: Place, user: string): BindingObject[] => isNowhere(place) ? [] : [...bySubject(place, 'User', user)].sort(byAge),
    /** Those that reach a person, by name or by group. */
    ofPerson: (place: Place, { name, groups }: Person): BindingObject[] =>
      isNowhere(place) ? [] : [...new Set([...bySubject(place, 'User', name), ...groups.flatMap(group => bySubject(place, 'Group', group))])],
    /** Everything that a group has, wherever it has it. */
    ofGroup: (group: string): { place: Place, binding: BindingObject }[] =>
      scopeNames.flatMap(scope => kept[scope].byGroup.get(group).map(binding => ({ place: { scope, name: kept[scope].placeOf(binding) }, binding }))),
    get: ({ scope }: Place, ref: { name: string, namespace?: string }): BindingObject | undefined => kept[scope].store.get(ref.name, ref.namespace),
  }
}

export type Bindings = ReturnType<typeof createBindings>
