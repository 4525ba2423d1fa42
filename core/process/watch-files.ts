import { stat } from 'node:fs/promises'

/** How often files are looked at, and how long they must rest before a change counts (ms). */
const pace = { look: 1_000, settle: 500 }

const stateOf = async (paths: readonly string[]): Promise<string> => (await Promise.all(paths.map(async path => {
  const found = await stat(path).catch(() => undefined)
  return found ? `${found.ino}:${found.size}:${found.mtimeMs}` : 'absent'
}))).join()

/**
 * Calls back when files have changed and come to rest: whoever writes has finished. Looks at what the names lead to, so that files that are
 * replaced by a link (as Kubernetes mounts them) are noticed.
 */
export function watchFiles (paths: readonly string[], changed: () => Promise<void>): () => void {
  let timer: NodeJS.Timeout | undefined
  let ended = false
  let known: string | undefined
  let pending: string | undefined

  async function look (): Promise<void> {
    const now = await stateOf(paths)
    known ??= now
    if (now !== known && now === pending) {
      known = now
      pending = undefined
      await changed()
    } else pending = now === known ? undefined : now
  }

  const next = (): void => {
    if (ended) return
    timer = setTimeout(() => { void look().catch(() => {}).finally(next) }, pending === undefined ? pace.look : pace.settle)
    timer.unref()
  }
  void look().catch(() => {}).finally(next)
  return () => {
    ended = true
    clearTimeout(timer)
  }
}
