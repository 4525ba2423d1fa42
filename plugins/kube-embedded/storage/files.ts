import { chmodSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { open, type Database, type RootDatabase } from 'lmdb'

/** How a store is laid out; a store of another format is refused. */
export const format = 1

export const storeFile = (dir: string): string => join(dir, 'store.mdb')

export interface Files { root: RootDatabase, objects: Database<Buffer, string>, meta: Database<number, string> }

/** Opens a store; `readOnly` is safe beside the process that writes it. Throws a sentence. */
export function openFiles (path: string, { readOnly = false } = {}): Files {
  try {
    // A transaction is acknowledged after it has been synced to the disk, not merely handed to the system.
    const root = open({ path, noSubdir: true, overlappingSync: false, maxDbs: 4, compression: false, mapSize: 1024 ** 3, readOnly })
    const objects = root.openDB<Buffer, string>({ name: 'objects', encoding: 'binary' })
    const meta = root.openDB<number, string>({ name: 'meta', encoding: 'json' })
    if (!readOnly) for (const file of [path, `${path}-lock`]) if (existsSync(file)) chmodSync(file, 0o600)
    return { root, objects, meta }
  } catch (error) {
    throw new Error(`the store ${path} cannot be opened: ${(error as Error).message}`)
  }
}

/** The value of one object on disk: its revision, then its JSON. */
export function packed (revision: number, json: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.writeBigUInt64BE(BigInt(revision))
  return Buffer.concat([head, json])
}

/** The revision of a store, after checking that it is one of ours. */
export function revisionOf ({ meta }: Files): number {
  const known = meta.get('format')
  if (known !== undefined && known !== format) throw new Error(`the store was written by another version (format ${known}): expected format ${format}`)
  return meta.get('revision') ?? 0
}

const portion = 32 * 1024 * 1024

/** Tells objects in key order, those behind `after`; answers the key to go on behind once it has told enough, undefined at the end. The bytes are lent. */
export function readPortion (files: Files, after: string | undefined, found: (key: string, revision: number, json: Buffer) => void): string | undefined {
  const last = revisionOf(files)
  let bytes = 0
  for (const { key, value } of files.objects.getRange(after === undefined ? {} : { start: after })) {
    if (key === after) continue
    const revision = Number(value.readBigUInt64BE(0))
    if (revision > last) throw new Error('the store is damaged: it holds what was never acknowledged')
    found(key, revision, value.subarray(8))
    if ((bytes += value.length) > portion) return key
  }
  return undefined
}
