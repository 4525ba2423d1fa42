import type { Node } from '../nodes.js'

const escapes: Readonly<Record<string, string>> = { a: '\u0007', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', "'": "'", '\\': '\\' }
const maxLength = 4096

interface Step { readonly path: string, readonly node: Node }

function into (node: Node, name: string): Step | undefined {
  const property = node.properties.get(name)
  if (property) return { node: property, path: `.${name}` }
  return node.properties.size === 0 && typeof node.additional === 'object' ? { node: node.additional, path: `[${name}]` } : undefined
}

const unescaped = (text: string) => text.replaceAll(/\\(.)/g, (_, letter: string) => escapes[letter] ?? '')

/** A path of fields and keys (`.spec.ports`, `.labels['a']`) as causes write it; nothing where the schema has no such field. */
export function fieldPath (source: string, root: Node): string | undefined {
  if (source.length > maxLength) return undefined
  let path = ''
  let node = root
  for (let rest = source; rest !== '';) {
    const [whole, name, quoted = ''] = /^(?:\.([^.[\]]+)|\['((?:[^'\\]|\\.)*)'\])/.exec(rest) ?? []
    const step = whole === undefined ? undefined : into(node, name ?? unescaped(quoted))
    if (!step) return undefined
    path += step.path
    node = step.node
    rest = rest.slice(whole!.length)
  }
  return path
}
