import type { Clock } from '../../../core/reconcile/clock.js'

/** Lets everything that is ready to run do so. */
export async function turns (count = 20): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise(resolve => { setImmediate(resolve) })
}

export interface FakeClock extends Clock {
  /** Goes on by `ms`, stopping at every timer on the way. */
  advance (ms: number): Promise<void>
  /** Jumps by `ms` without calling a timer: a process that was held up. */
  stall (ms: number): void
  /** Times from now at which timers are due. */
  due (): number[]
}

export function fakeClock (): FakeClock {
  let time = 1000
  const timers = new Set<{ at: number, call: () => void }>()
  const nextBy = (end: number) => [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
  return {
    now: () => time,
    later (ms, call) {
      const timer = { at: time + Math.max(ms, 0), call }
      timers.add(timer)
      return () => { timers.delete(timer) }
    },
    async advance (ms) {
      const end = time + ms
      await turns()
      for (let timer = nextBy(end); timer; timer = nextBy(end)) {
        timers.delete(timer)
        time = Math.max(time, timer.at)
        timer.call()
        await turns()
      }
      time = end
    },
    stall (ms) { time += ms },
    due: () => [...timers].map(({ at }) => at - time).sort((a, b) => a - b),
  }
}
