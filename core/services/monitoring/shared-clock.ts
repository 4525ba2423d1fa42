import { LRUCache } from 'lru-cache'

/** How long a moment is shared (ms), and the longest question that it is kept for. */
const window = 1_000
const longest = 4_096

/**
 * Tells the time so that people who look at the same page share its answers: who asks a question that another asked less than a second ago is told the
 * other's moment. Who asks again is told a new one.
 */
export function createSharedClock (now: () => number = Date.now): (question: string, caller: string) => number {
  const asked = new LRUCache<string, { at: number, callers: Set<string> }>({ max: 1_000 })
  return (question, caller) => {
    if (question.length > longest) return now() / 1000
    const known = asked.get(question)
    const at = now()
    if (known && at - known.at < window && at >= known.at && !known.callers.has(caller)) {
      known.callers.add(caller)
      return known.at / 1000
    }
    asked.set(question, { at, callers: new Set([caller]) })
    return at / 1000
  }
}
