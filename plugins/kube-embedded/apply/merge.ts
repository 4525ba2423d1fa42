import { own, type Json } from '../../../core/sdk/index.js'
import { fieldIn, type ListNode, type MapNode, type Node } from './nodes.js'
import type { PathElement } from './path-element.js'
import { asList, asMap, formIn, itemElement, namesOf, walk } from './typed.js'
import { put } from './values.js'

const later = (live: unknown, applied: unknown): unknown => applied === undefined ? live : applied

function mergeMap (map: MapNode, live: unknown, applied: unknown): unknown {
  const lhs = asMap(live) ?? {}; const rhs = asMap(applied) ?? {}
  const names = namesOf(lhs); const others = namesOf(rhs)
  if (map.atomic || (names.length === 0 && others.length === 0)) return later(live, applied)
  const merged: Json = {}
  for (const name of new Set([...names, ...others])) {
    const value = merge(fieldIn(map, name).node, own(lhs, name), own(rhs, name))
    if (value !== undefined) put(merged, name, value)
  }
  return merged
}

/** Items by what tells them apart. Of items that are there twice none is merged with: null. */
function indexed (elements: readonly PathElement[], items: readonly unknown[]): Map<PathElement, unknown> {
  const index = new Map<PathElement, unknown>()
  for (const [i, element] of elements.entries()) index.set(element, index.has(element) ? null : items[i])
  return index
}

interface Step { readonly element: PathElement, readonly live: number | undefined }

/**
 * The order of two lists in one: the applied order rules, and what only the live list has stays behind the items that it followed there.
 * `live` is the place of an item that only the live list has.
 */
function * interleaved (live: readonly PathElement[], applied: readonly PathElement[]): Generator<Step> {
  const inLive = new Set(live); const inApplied = new Set(applied); const done = new Set<PathElement>()
  const shared = applied.filter(element => inLive.has(element))
  let next = 0
  for (let i = 0, j = 0; i < live.length || j < applied.length;) {
    const here = live[i]; const wanted = applied[j]
    if (here !== undefined && !inApplied.has(here)) yield { element: here, live: i++ }
    else if (here !== undefined && here !== wanted && wanted !== undefined && next < shared.length && shared[next] !== here) i++
    else {
      if (here !== undefined && (here === wanted || done.has(here))) i++
      if (wanted === undefined) continue
      yield { element: wanted, live: undefined }
      done.add(wanted)
      if (shared[next] === wanted) next++
      j++
    }
  }
}

function mergeList (list: ListNode, live: unknown, applied: unknown): unknown {
  const lhs = asList(live) ?? []; const rhs = asList(applied) ?? []
  if (list.atomic || (lhs.length === 0 && rhs.length === 0)) return later(live, applied)
  const elements = lhs.map(item => itemElement(list, item)); const others = rhs.map(item => itemElement(list, item))
  const before = indexed(elements, lhs); const after = indexed(others, rhs)
  const merged = Array.from(interleaved(elements, others), step => step.live === undefined
    ? merge(list.element.node, before.get(step.element), after.get(step.element))
    : merge(list.element.node, lhs[step.live], undefined))
  return merged.filter(item => item !== undefined)
}

/** `live` with all of `applied` in it; an applied leaf wins, nothing is taken away. Both are of a type that validate() has found right; parts of both are shared. */
export function merge (node: Node, live: unknown, applied: unknown): unknown {
  return walk(node, formIn(node, later(live, applied)), {
    scalar: () => later(live, applied),
    map: map => mergeMap(map, live, applied),
    list: list => mergeList(list, live, applied),
  })
}
