import { LRUCache } from 'lru-cache'

export interface LimiterOptions {
  /** Failures within `duration` (ms) after which no further attempt is looked at. */
  maxTries: number
  duration: number
  now: () => number
}

/** Attempts under way and failures of one key. */
interface Count { failures: number[], running: number }

/** A network may fail so many times more often than one account. */
const networkFactor = 20
const kept = 10_000

/** Counts attempts before any password is compared. A key's count is bounded by what it is about, never emptied by other keys of another sort. */
export function createLimiter ({ maxTries, duration, now }: LimiterOptions) {
  // Apart, so that a flood of made-up names pushes out neither the accounts that exist nor the networks.
  const sorts = {
    account: new LRUCache<string, Count>({ max: kept }),
    stranger: new LRUCache<string, Count>({ max: kept }),
    network: new LRUCache<string, Count>({ max: kept }),
  }
  type Sort = keyof typeof sorts

  function countOf (sort: Sort, key: string): Count {
    let count = sorts[sort].get(key)
    if (!count) sorts[sort].set(key, count = { failures: [], running: 0 })
    const oldest = now() - duration
    count.failures = count.failures.filter(at => at > oldest).slice(-maxTries * networkFactor)
    return count
  }

  return {
    /**
     * Takes a place for an attempt; undefined where there is none left. `recorded`: failures of the account that other replicas may have written.
     * The answered function is told how it ended.
     */
    take (sort: 'account' | 'stranger', key: string, network: string, recorded: number): ((success: boolean) => void) | undefined {
      const account = countOf(sort, key)
      const place = countOf('network', network)
      if (Math.max(account.failures.length, recorded) + account.running >= maxTries) return undefined
      if (place.failures.length + place.running >= maxTries * networkFactor) return undefined
      account.running++
      place.running++
      return success => {
        account.running--
        place.running--
        if (success) { account.failures = []; return }
        account.failures.push(now())
        place.failures.push(now())
      }
    },
    /** An account begins anew: whoever manages it has let it in again. */
    forget (key: string): void { const count = sorts.account.peek(key); if (count) count.failures = [] },
    /** Failures that this replica has seen of an account. */
    failures: (key: string): number => countOf('account', key).failures.length,
  }
}
