/** An element by its local name; texts and CDATA inside it are joined, comments left out. */
export interface Element { name: string, text: string, children: Element[] }

const bounds = { length: 64 * 1024, depth: 32, elements: 2_000 }
const token = /<!--(?:[^-]|-(?!-))*-->|<!\[CDATA\[([^]*?)\]\]>|<\?[^?]*\?>|<\/([^\s<>/]+)\s*>|<([^\s<>/!?]+)((?:\s+[^\s<>/="']+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y
const entities = new Map([['amp', '&'], ['lt', '<'], ['gt', '>'], ['quot', '"'], ['apos', "'"]])

function decoded (text: string): string {
  return text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|\w{1,8});?|&/gi, (whole, name: string | undefined) => {
    if (name === undefined || !whole.endsWith(';')) throw new Error('an ampersand stands alone')
    if (!name.startsWith('#')) {
      const known = entities.get(name)
      if (known === undefined) throw new Error('an entity is not known')
      return known
    }
    return String.fromCodePoint(name[1]?.toLowerCase() === 'x' ? parseInt(name.slice(2), 16) : Number(name.slice(1)))
  })
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1)

/** Reads a small XML document: no document types, no entities but the five of XML itself, nothing fetched. Throws an Error for whatever else. */
export function parseXML (source: string): Element {
  if (source.length > bounds.length) throw new Error('the document is too long')
  const root: Element = { name: '', text: '', children: [] }
  const open: { element: Element, tag: string }[] = [{ element: root, tag: '' }]
  const top = (): Element => open.at(-1)?.element ?? root
  let elements = 0
  token.lastIndex = 0
  while (token.lastIndex < source.length) {
    const match = token.exec(source)
    if (!match) throw new Error('the document is not well-formed')
    const [, cdata, end, start, , empty, text] = match
    if (cdata !== undefined) top().text += cdata
    else if (text !== undefined) top().text += decoded(text)
    else if (end !== undefined) {
      if (open.length === 1 || open.pop()?.tag !== end) throw new Error('an end has no beginning')
    } else if (start !== undefined) {
      if (++elements > bounds.elements || open.length > bounds.depth) throw new Error('the document has too many elements')
      const element: Element = { name: localName(start), text: '', children: [] }
      top().children.push(element)
      if (!empty) open.push({ element, tag: start })
    }
  }
  const [only, ...more] = root.children
  if (open.length !== 1 || !only || more.length || root.text.trim()) throw new Error('the document has not one root')
  return only
}

/** The one child of a name; undefined where there is none, or more than one. */
export function childOf (element: Element | undefined, name: string): Element | undefined {
  const found = element?.children.filter(child => child.name === name) ?? []
  return found.length === 1 ? found[0] : undefined
}
