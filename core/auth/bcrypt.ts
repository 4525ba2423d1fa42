import { compare, hash } from 'bcrypt'
import { StatusError, invalid, tooManyRequests } from '../errors/status-error.js'
import type { Passwords } from './passwords.js'

/** Evaluations at once (the thread pool has four), and how many may wait. */
const bounds = { running: 4, waiting: 200 }
const cost = 10
/** bcrypt looks at so many bytes and no further. */
const longest = 72
const form = /^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/

/** Compared with where there is no stored hash, so that the work is the same. Its password is nobody's. */
const nobody = '$2b$10$CwTycUXWue0Thq9StjUM0uJ8.1f8R8gq0mXvG9V3oQX2p1bZ1c3yW'

/** A gate that lets so many through at once, keeps so many waiting, and turns the rest away with 429. */
function createGate () {
  let running = 0
  const waiting: (() => void)[] = []
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= bounds.running) {
      if (waiting.length >= bounds.waiting) throw tooManyRequests('too many passwords are being checked, please try again later', 5)
      await new Promise<void>(resolve => { waiting.push(resolve) })
    }
    running++
    try { return await work() } finally {
      running--
      waiting.shift()?.()
    }
  }
}

/** bcrypt off the main thread. `$2y$` is the name that other libraries give to what is `$2b$` here. */
export function createPasswords (): Passwords {
  const gate = createGate()
  const tooLong = (plain: string): boolean => Buffer.byteLength(plain) > longest
  return {
    isHash: text => form.test(text),
    async hash (plain) {
      if (tooLong(plain)) throw invalid('User.iam.kubesphere.io', '', [{ reason: 'FieldValueTooLong', field: 'spec.password', message: `Too long: may not be more than ${longest} bytes` }])
      return gate(() => hash(plain, cost))
    },
    async verify (plain, stored) {
      const usable = stored !== undefined && form.test(stored) && !tooLong(plain)
      try {
        return await gate(() => compare(plain.slice(0, longest), usable ? stored.replace('$2y$', '$2b$') : nobody)) && usable
      } catch (error) {
        if (error instanceof StatusError) throw error
        return false
      }
    },
  }
}
