import { existsSync } from 'node:fs'
import { link, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { takeDirectory } from './directory.js'
import { openFiles, revisionOf, storeFile } from './files.js'
import { sync, unpackSnapshot, type Contents } from './snapshot.js'

/** What came back, and where the store that was there before has gone. */
export interface Restored extends Contents { readonly aside?: string }

/**
 * How far revisions leap at a restore: further than any that was given after the snapshot was taken. Whoever holds one of those is told that it is gone,
 * instead of missing what is written under the same numbers now.
 */
const leap = 1_000_000_000

async function lastOf (store: string): Promise<number> {
  if (!existsSync(store)) return 0
  const files = openFiles(store)
  try { return revisionOf(files) } finally { await files.root.close() }
}

async function raise (store: string, revision: number): Promise<void> {
  const { root, meta } = openFiles(store)
  try { await root.transaction(() => { meta.putSync('revision', revision) }) } finally { await root.close() }
}

/** Leaves the old store under a name of its own, so that there is a store under the usual name at every moment. */
async function keepAside (store: string): Promise<string> {
  const aside = `${store}.replaced-${new Date().toISOString().replace(/[:.]/g, '-')}`
  await link(store, aside)
  return aside
}

async function replace (dir: string, file: string): Promise<Restored> {
  const store = storeFile(dir)
  const folder = await mkdtemp(join(dir, 'restore-'))
  try {
    const draft = join(folder, 'store')
    const contents = await unpackSnapshot(file, draft)
    const revision = Math.max(contents.revision, await lastOf(store)) + leap
    await raise(draft, revision)
    await sync(draft)
    const aside = existsSync(store) ? await keepAside(store) : undefined
    await rename(draft, store)
    await rm(`${store}-lock`, { force: true })
    await sync(store)
    return { ...contents, revision, ...(aside ? { aside } : {}) }
  } finally { await rm(folder, { recursive: true, force: true }) }
}

/** Puts the store of a snapshot into a data directory that has none; with `force`, the one that is there is moved aside. Throws a sentence. */
export async function restoreDirectory (dir: string, file: string, { force = false } = {}): Promise<Restored> {
  const release = takeDirectory(dir)
  try {
    if (!force && existsSync(storeFile(dir))) throw new Error(`the data directory ${dir} holds a store already: name a new one with --data-dir, or add --force to move the old store aside`)
    return await replace(dir, file)
  } finally { release() }
}
