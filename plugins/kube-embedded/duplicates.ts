/** A field of a body, in the order of the text. */
export interface Place { readonly path: string, readonly again: boolean }

const quote = 0x22
const isSpace = (c: number | undefined): boolean => c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09

/** The end of a text that begins at `start`: the place of its closing quote. */
function closing (bytes: Uint8Array, start: number): number {
  let i = start + 1
  while (i < bytes.length && bytes[i] !== quote) i += bytes[i] === 0x5c ? 2 : 1
  return i
}

/** How many keys a JSON text writes; those outside of texts are the colons. */
function written (bytes: Uint8Array): number {
  let count = 0
  for (let i = 0; i < bytes.length; i++) {
    const c = bytes[i]
    if (c === quote) i = closing(bytes, i)
    else if (c === 0x3a) count++
  }
  return count
}

/** How many keys came of it. */
function kept (value: unknown): number {
  if (value === null || typeof value !== 'object') return 0
  let count = 0
  if (Array.isArray(value)) for (const item of value) count += kept(item)
  else for (const key in value) count += 1 + kept((value as Record<string, unknown>)[key])
  return count
}

/** Reads the places of a JSON text that has been parsed before. */
class Places {
  readonly found: Place[] = []
  #i = 0
  constructor (readonly bytes: Buffer) {}

  #next (): number | undefined {
    while (isSpace(this.bytes[this.#i])) this.#i++
    return this.bytes[this.#i]
  }

  #text (): string {
    const end = closing(this.bytes, this.#i)
    const text = JSON.parse(this.bytes.toString('utf8', this.#i, end + 1)) as string
    this.#i = end + 1
    return text
  }

  #record (path: string): void {
    const seen = new Set<string>()
    while (this.#next() === quote) {
      const key = this.#text()
      const at = path ? `${path}.${key}` : key
      this.found.push({ path: at, again: seen.has(key) })
      seen.add(key)
      this.#next()
      this.#i++
      this.value(at)
      if (this.#next() === 0x2c) this.#i++
    }
    this.#i++
  }

  #list (path: string): void {
    for (let n = 0; this.#next() !== 0x5d; n++) {
      this.value(`${path}[${n}]`)
      if (this.#next() === 0x2c) this.#i++
    }
    this.#i++
  }

  value (path: string): void {
    const c = this.#next()
    if (c === quote) this.#i = closing(this.bytes, this.#i) + 1
    else if (c === 0x7b || c === 0x5b) {
      this.#i++
      if (c === 0x7b) this.#record(path)
      else this.#list(path)
    } else while (this.#i < this.bytes.length && ![0x2c, 0x5d, 0x7d].includes(this.bytes[this.#i]!)) this.#i++
  }
}

/** The fields of a JSON body where one of them stands there twice; nothing where all stand once, which costs one look at the bytes. */
export function repeated (bytes: Buffer, value: unknown): readonly Place[] {
  if (written(bytes) === kept(value)) return []
  const places = new Places(bytes)
  places.value('')
  return places.found
}

/** What a strict reader says of the fields that are unknown or stand there twice, in the order of the text. */
export function strictProblems (unknown: readonly string[], places: readonly Place[]): string[] {
  if (places.length === 0) return unknown.map(path => `unknown field "${path}"`)
  const rest = new Set(unknown)
  const inside = (path: string): boolean => unknown.some(above => path.startsWith(above) && path.length > above.length && '.['.includes(path[above.length]!))
  return places.flatMap(({ path, again }) => {
    if (rest.delete(path)) return [`unknown field "${path}"`]
    return again && !inside(path) ? [`duplicate field "${path}"`] : []
  })
}
