import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { appendFile, chmod, copyFile, link, mkdtemp, open, rename, rm, stat, truncate } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { RootDatabase } from 'lmdb'
import { openFiles, readPortion, revisionOf, storeFile } from './files.js'

/** What a snapshot holds. */
export interface Contents { readonly revision: number, readonly objects: number }

/** A snapshot is a store, then these bytes, then the SHA-256 of the store. */
const mark = Buffer.from('ks-snapshot 1\n')
const trailer = mark.length + 32

async function digestOf (file: string, bytes: number): Promise<Buffer> {
  const hash = createHash('sha256')
  for await (const part of createReadStream(file, { end: bytes - 1 })) hash.update(part as Buffer)
  return hash.digest()
}

/** Puts a file and the folder that names it on the disk. */
export async function sync (file: string): Promise<void> {
  for (const path of [file, dirname(file)]) {
    const handle = await open(path, 'r')
    await handle.sync().finally(() => handle.close())
  }
}

/** Reads a whole store; throws where it is not one of ours. */
export async function inspect (store: string): Promise<Contents> {
  const files = openFiles(store)
  try {
    let objects = 0
    for (let after: string | undefined; ;) {
      after = readPortion(files, after, () => { objects++ })
      if (after === undefined) return { revision: revisionOf(files), objects }
    }
  } finally { await files.root.close() }
}

const exists = (file: string) => new Error(`${file} exists already: name another file, or add --force to replace it`)

async function seal (store: string): Promise<void> {
  const digest = await digestOf(store, (await stat(store)).size)
  await appendFile(store, Buffer.concat([mark, digest]))
  await chmod(store, 0o600)
  await sync(store)
}

/** Writes the store as one transaction found it to a file that only its owner may read: whole, and after it has been read back; or not at all. */
export async function writeSnapshot (root: RootDatabase, file: string, { force = false } = {}): Promise<Contents> {
  if (!force && existsSync(file)) throw exists(file)
  const folder = await mkdtemp(join(dirname(file), `.${basename(file)}-`))
  try {
    const draft = join(folder, 'snapshot')
    await root.backup(draft, true)
    const contents = await inspect(draft)
    await seal(draft)
    if (force) await rename(draft, file)
    else await link(draft, file).catch((error: NodeJS.ErrnoException) => { throw error.code === 'EEXIST' ? exists(file) : error })
    await sync(file)
    return contents
  } finally { await rm(folder, { recursive: true, force: true }) }
}

/** The same of a data directory, also while another process writes it. */
export async function snapshotDirectory (dir: string, file: string, options: { force?: boolean } = {}): Promise<Contents> {
  const store = storeFile(dir)
  if (!existsSync(store)) throw new Error(`the data directory ${dir} holds no store: name the server's with --data-dir`)
  if (!existsSync(dirname(file))) throw new Error(`${file} cannot be written: there is no folder ${dirname(file)}`)
  const { root } = openFiles(store, { readOnly: true })
  try { return await writeSnapshot(root, file, options) } finally { await root.close() }
}

/** Copies the store out of a snapshot, after checking that nothing of it is lost or changed. */
export async function unpackSnapshot (file: string, store: string): Promise<Contents> {
  if (!existsSync(file)) throw new Error(`${file} does not exist`)
  await copyFile(file, store)
  await chmod(store, 0o600)
  const size = (await stat(store)).size - trailer
  const handle = await open(store, 'r')
  const { buffer } = await handle.read(Buffer.alloc(trailer), 0, trailer, Math.max(0, size)).finally(() => handle.close())
  if (size <= 0 || !buffer.subarray(0, mark.length).equals(mark)) throw new Error(`${file} is no snapshot, or not all of one: make one with npm run snapshot`)
  if (!buffer.subarray(mark.length).equals(await digestOf(store, size))) throw new Error(`${file} is damaged: its bytes are not those that were written`)
  await truncate(store, size)
  return inspect(store)
}
