import type { Entry, Snapshot } from './types.js'

const chunkSize = 256

/** A run of entries; `epoch` tells whether a snapshot may still be looking at it. */
interface Chunk { entries: Entry[], epoch: number }

/** First position whose key is not before `key`. */
function placeOf (entries: readonly Entry[], key: string): number {
  let low = 0; let high = entries.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (entries[middle]!.key < key) low = middle + 1; else high = middle
  }
  return low
}

/** First chunk whose last key is not before `key`. */
function chunkOf (chunks: readonly Chunk[], key: string): number {
  let low = 0; let high = chunks.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (chunks[middle]!.entries.at(-1)!.key < key) low = middle + 1; else high = middle
  }
  return low
}

/** The smallest text greater than every text that begins with the prefix. */
const after = (prefix: string): string => prefix + '\uffff'

function * walk (chunks: readonly Chunk[], prefix: string, from: string): IterableIterator<Entry> {
  const start = from > prefix ? from : prefix
  for (let c = chunkOf(chunks, start); c < chunks.length; c++) {
    const { entries } = chunks[c]!
    for (let i = placeOf(entries, start); i < entries.length; i++) {
      const entry = entries[i]!
      if (!entry.key.startsWith(prefix)) return
      if (entry.key > from) yield entry
    }
  }
}

function rank (chunks: readonly Chunk[], key: string): number {
  const c = chunkOf(chunks, key)
  let before = 0
  for (let i = 0; i < c; i++) before += chunks[i]!.entries.length
  return before + (c < chunks.length ? placeOf(chunks[c]!.entries, key) : 0)
}

function find (chunks: readonly Chunk[], key: string): Entry | undefined {
  const entries = chunks[chunkOf(chunks, key)]?.entries ?? []
  const entry = entries[placeOf(entries, key)]
  return entry?.key === key ? entry : undefined
}

const viewOf = (chunks: readonly Chunk[], size: number, revision: number): Snapshot => ({
  revision,
  size,
  get: key => find(chunks, key),
  range: (prefix, from = '') => walk(chunks, prefix, from),
  count: prefix => rank(chunks, after(prefix)) - rank(chunks, prefix),
})

/**
 * Entries in key order. A change costs a binary search and a move within one chunk; a snapshot is a reference, and what it holds is copied
 * chunk by chunk only where a change meets it.
 */
export class Sorted {
  #chunks: Chunk[] = []
  #epoch = 0
  #listEpoch = 0
  #size = 0

  get (key: string): Entry | undefined { return find(this.#chunks, key) }

  snapshot (revision: number): Snapshot {
    this.#epoch++
    return viewOf(this.#chunks, this.#size, revision)
  }

  set (entry: Entry): void {
    this.#ownList()
    const c = Math.min(chunkOf(this.#chunks, entry.key), Math.max(0, this.#chunks.length - 1))
    if (this.#chunks.length === 0) { this.#chunks.push({ entries: [entry], epoch: this.#epoch }); this.#size++; return }
    const { entries } = this.#own(c)
    const i = placeOf(entries, entry.key)
    if (entries[i]?.key === entry.key) { entries[i] = entry; return }
    entries.splice(i, 0, entry)
    this.#size++
    if (entries.length > chunkSize * 2) this.#chunks.splice(c, 1, { entries: entries.slice(0, chunkSize), epoch: this.#epoch }, { entries: entries.slice(chunkSize), epoch: this.#epoch })
  }

  delete (key: string): void {
    const c = chunkOf(this.#chunks, key)
    const i = c < this.#chunks.length ? placeOf(this.#chunks[c]!.entries, key) : 0
    if (this.#chunks[c]?.entries[i]?.key !== key) return
    this.#ownList()
    const { entries } = this.#own(c)
    entries.splice(i, 1)
    this.#size--
    if (entries.length === 0) this.#chunks.splice(c, 1)
  }

  #ownList (): void {
    if (this.#listEpoch === this.#epoch) return
    this.#chunks = [...this.#chunks]
    this.#listEpoch = this.#epoch
  }

  #own (c: number): Chunk {
    let chunk = this.#chunks[c]!
    if (chunk.epoch !== this.#epoch) this.#chunks[c] = chunk = { entries: [...chunk.entries], epoch: this.#epoch }
    return chunk
  }
}
