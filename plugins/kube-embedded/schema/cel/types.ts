/** Types that say all with their name. */
export type Plain = 'bool' | 'int' | 'double' | 'string' | 'bytes' | 'null' | 'type' | 'timestamp' | 'duration' | 'url' | 'quantity' | 'ip' | 'cidr' | 'semver' | 'format' | 'dyn'

/** How the items of a list are told apart, where their order says nothing. */
export type Identity = 'set' | 'map'

/** A field by the name that rules know it by. */
export interface Field { readonly key: string, readonly type: Type }

/** A type of the expression language; `any` is a name for a type that the arguments of a call decide. */
export type Type =
  | { readonly kind: Plain }
  | { readonly kind: 'list', readonly item: Type, readonly identity?: Identity }
  | { readonly kind: 'map', readonly key: Type, readonly value: Type }
  | ObjectType
  | { readonly kind: 'optional', readonly of: Type }
  | { readonly kind: 'any', readonly name: string }
export interface ObjectType { readonly kind: 'object', readonly fields: ReadonlyMap<string, Field> }

const plain = new Map<string, Type>()
export function type (kind: Plain): Type {
  const known = plain.get(kind) ?? { kind }
  plain.set(kind, known)
  return known
}
export const dyn = type('dyn')
export const listOf = (item: Type): Type => ({ kind: 'list', item })
export const mapOf = (key: Type, value: Type): Type => ({ kind: 'map', key, value })
export const optionalOf = (of: Type): Type => ({ kind: 'optional', of })

export function typeText (type: Type): string {
  switch (type.kind) {
    case 'list': return `list(${typeText(type.item)})`
    case 'map': return `map(${typeText(type.key)}, ${typeText(type.value)})`
    case 'optional': return `optional_type(${typeText(type.of)})`
    case 'any': return type.name
    default: return type.kind
  }
}

/** What both are; nothing where they are different things. */
export function unite (a: Type, b: Type): Type | undefined {
  if (a === b) return a
  if (a.kind === 'dyn' || b.kind === 'dyn' || a.kind === 'null' || b.kind === 'null') return dyn
  if (a.kind === 'list' && b.kind === 'list') return wrap(unite(a.item, b.item), listOf)
  if (a.kind === 'optional' && b.kind === 'optional') return wrap(unite(a.of, b.of), optionalOf)
  if (a.kind === 'map' && b.kind === 'map') {
    const key = unite(a.key, b.key)
    return key && wrap(unite(a.value, b.value), value => mapOf(key, value))
  }
  return a.kind === b.kind && a.kind !== 'object' ? a : undefined
}

const wrap = (type: Type | undefined, around: (type: Type) => Type) => type && around(type)

export type Bound = Map<string, Type>

/** True where a value of the actual type may stand for the declared one; notes what that makes of type names. */
export function accepts (declared: Type, actual: Type, bound: Bound): boolean {
  if (declared.kind === 'any') return bind(declared.name, actual, bound)
  if (declared.kind === 'dyn' || actual.kind === 'dyn') return true
  if (declared.kind === 'list' && actual.kind === 'list') return accepts(declared.item, actual.item, bound)
  if (declared.kind === 'optional' && actual.kind === 'optional') return accepts(declared.of, actual.of, bound)
  if (declared.kind === 'map' && actual.kind === 'map') return accepts(declared.key, actual.key, bound) && accepts(declared.value, actual.value, bound)
  return declared.kind === actual.kind
}

function bind (name: string, actual: Type, bound: Bound): boolean {
  const known = bound.get(name)
  const both = known ? unite(known, actual) : actual
  if (both) bound.set(name, both)
  return both !== undefined
}

/** A declared type with what its names have become. */
export function settle (declared: Type, bound: Bound): Type {
  switch (declared.kind) {
    case 'any': return bound.get(declared.name) ?? dyn
    case 'list': return listOf(settle(declared.item, bound))
    case 'optional': return optionalOf(settle(declared.of, bound))
    case 'map': return mapOf(settle(declared.key, bound), settle(declared.value, bound))
    default: return declared
  }
}

/** Reads `list<A>`, `map<string, dyn>`, `optional<string>`, `int`; one capital letter is a type name. */
export function readType (text: string): Type {
  const [, outer, inner = ''] = /^(list|map|optional)<(.*)>$/.exec(text) ?? []
  if (outer === 'list') return listOf(readType(inner))
  if (outer === 'optional') return optionalOf(readType(inner))
  if (outer === 'map') return mapOf(readType(inner.slice(0, inner.indexOf(','))), readType(inner.slice(inner.indexOf(',') + 1).trim()))
  return /^[A-Z]$/.test(text) ? { kind: 'any', name: text } : type(text as Plain)
}
