import { isRecord } from '../../../core/sdk/index.js'
import { fieldIn, type ListNode, type MapNode, type Node, type ScalarType } from './nodes.js'
import { elementText } from './path-element.js'
import { formIn, itemElement, namesOf, walk } from './typed.js'

interface Problem { path: string, readonly message: string }

/** A value that does not have its type; the message is Kubernetes' own. */
export class TypeProblem extends Error {}

function goText (value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`
  if (isRecord(value)) return `map[${namesOf(value).sort().map(name => `${name}:${goText(value[name])}`).join(' ')}]`
  return value === null ? '<nil>' : String(value)
}

const goType = (value: unknown): string =>
  typeof value === 'string' ? 'string' : typeof value === 'boolean' ? 'bool' : Array.isArray(value) ? '[]interface {}' : isRecord(value) ? 'map[string]interface {}' : typeof value === 'number' && Number.isInteger(value) ? 'int64' : 'float64'

const isScalar = (value: unknown): boolean => value === null || typeof value !== 'object'

const scalarProblems: Record<ScalarType, (value: unknown) => string | undefined> = {
  numeric: value => typeof value === 'number' ? undefined : `expected numeric (int or float), got ${goType(value)}`,
  string: value => typeof value === 'string' ? undefined : `expected string, got &value.valueUnstructured{Value:${isScalar(value) ? String(value) : JSON.stringify(value)}}`,
  boolean: value => typeof value === 'boolean' ? undefined : `expected boolean, got &{${goText(value)}}`,
  untyped: value => isScalar(value) ? undefined : `expected any scalar, got &{${goText(value)}}`,
}

/** Whether a value may be a scalar of this type; null and an absent one may. */
export const isScalarOf = (type: ScalarType, value: unknown): boolean => value === undefined || value === null || scalarProblems[type](value) === undefined

class Validation {
  readonly problems: Problem[] = []
  readonly #duplicates: boolean

  constructor (duplicates: boolean) {
    this.#duplicates = duplicates
  }

  visit (node: Node, value: unknown): void {
    if (value === null || value === undefined) return
    walk<void>(node, formIn(node, value), {
      map: map => { if (isRecord(value)) this.#fields(map, value); else this.#report(`expected map, got &{${goText(value)}}`) },
      list: list => { if (Array.isArray(value)) this.#items(list, value); else this.#report(`expected list, got &{${goText(value)}}`) },
      scalar: type => { this.#report(scalarProblems[type](value)) },
    })
  }

  #report (message: string | undefined, path = ''): void {
    if (message !== undefined) this.problems.push({ path, message })
  }

  #under (node: Node, value: unknown, text: () => string): void {
    const before = this.problems.length
    this.visit(node, value)
    for (const problem of this.problems.slice(before)) problem.path = text() + problem.path
  }

  #fields (map: MapNode, value: Record<string, unknown>): void {
    for (const name of namesOf(value)) this.#under(fieldIn(map, name).node, value[name], () => `.${name}`)
  }

  #items (list: ListNode, items: readonly unknown[]): void {
    const seen = new Set<string>()
    for (const [index, item] of items.entries()) {
      const element = list.atomic ? `i:${index}` : this.#element(list, item, index)
      if (element === undefined) return
      if (seen.has(element) && !this.#duplicates) this.#report(`duplicate entries for key ${elementText(element)}`)
      seen.add(element)
      this.#under(list.element.node, item, () => elementText(element))
    }
  }

  #element (list: ListNode, item: unknown, index: number): string | undefined {
    try {
      return itemElement(list, item)
    } catch (error) {
      this.#report(`element ${index}: ${(error as Error).message}`)
    }
  }
}

const textOf = ({ path, message }: Problem): string => path === '' ? message : `${path}: ${message}`

/** Throws a TypeProblem where a value is of other types than its node, or a list has items that nothing tells apart. Fields that no schema knows pass. */
export function validate (node: Node, value: unknown, { duplicates }: { duplicates: boolean }): void {
  const validation = new Validation(duplicates)
  validation.visit(node, value)
  const texts = validation.problems.map(textOf)
  if (texts.length > 0) throw new TypeProblem(texts.length === 1 ? texts[0] : ['errors:', ...texts.map(text => `  ${text}`)].join('\n'))
}
