/** True for the code points of a set. */
export type Test = (point: number) => boolean
export type Place = 'begin' | 'end' | 'lineBegin' | 'lineEnd' | 'word' | 'notWord'

export type Tree =
  | { readonly kind: 'set', readonly test: Test }
  | { readonly kind: 'all', readonly parts: readonly Tree[] }
  | { readonly kind: 'any', readonly parts: readonly Tree[] }
  | { readonly kind: 'repeat', readonly part: Tree, readonly min: number, readonly max: number }
  | { readonly kind: 'place', readonly place: Place }

export const isWord: Test = point => (point >= 48 && point <= 57) || (point >= 65 && point <= 90) || point === 95 || (point >= 97 && point <= 122)
