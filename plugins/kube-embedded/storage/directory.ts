import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** When a process was started, as far as the system tells; it tells a process from a later one with the same number. */
function startOf (pid: number): string {
  try { return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19] ?? '' } catch { return '' }
}

function isRunning (pid: number, start: string): boolean {
  try { process.kill(pid, 0) } catch (error) { if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false }
  return start === '' || startOf(pid) === start
}

/** Takes a data directory for this process alone; throws a sentence where others may look into it, or another process has it. Answers the release. */
export function takeDirectory (dir: string): () => void {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const { mode } = statSync(dir)
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) throw new Error(`the data directory ${dir} is open to others (mode ${(mode & 0o777).toString(8)}): expected 700, run chmod 700 on it`)
  const lock = join(dir, 'lock')
  const mine = `${process.pid} ${startOf(process.pid)}\n`
  for (;;) {
    try {
      writeFileSync(lock, mine, { flag: 'wx', mode: 0o600 })
      return () => { rmSync(lock, { force: true }) }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      const [pid = '', start = ''] = readFileSync(lock, 'utf8').trim().split(' ')
      if (Number(pid) > 0 && isRunning(Number(pid), start)) throw new Error(`the data directory ${dir} is in use by process ${pid}`)
      rmSync(lock, { force: true })
    }
  }
}
