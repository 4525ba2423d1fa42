import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const isAbsent = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT'

/** The text of a file of ours, undefined where there is none. A file that others may read stops the start. */
export async function readPrivate (dir: string, name: string): Promise<string | undefined> {
  const path = join(dir, name)
  try {
    const { mode } = await stat(path)
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) throw new Error(`${path} can be read by others (mode ${(mode & 0o777).toString(8)}): expected 600, run chmod 600 on it`)
    return (await readFile(path, 'utf8')).trim()
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}

/** Writes a file that only its owner may read, whole or not at all. */
export async function writePrivate (dir: string, name: string, text: string): Promise<void> {
  const path = join(dir, name)
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  await writeFile(draft, text, { mode: 0o600, flag: 'wx' })
  await chmod(draft, 0o600)
  await rename(draft, path)
}

/** A secret of 32 random bytes in hex, made at the first start. */
export async function keepSecret (dir: string, name: string): Promise<string> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const kept = await readPrivate(dir, name)
  if (kept !== undefined && /^[0-9a-f]{64}$/.test(kept)) return kept
  const made = randomBytes(32).toString('hex')
  await writePrivate(dir, name, `${made}\n`)
  return made
}
