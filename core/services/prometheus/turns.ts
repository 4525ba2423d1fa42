import { Failure } from './failure.js'

/** Who may ask next: callers in turn, each with a share of what is under way at once. */
export interface Turns {
  /**
   * Calls `start` when it is the caller's turn, which may be at once, with the function that ends the turn. Answers the function that gives the
   * place in the line up; it does nothing once the turn has come. Throws where too many wait.
   */
  enter (caller: string, start: (done: () => void) => void): () => void
  /** Questions under way and waiting. */
  readonly running: number
  readonly waiting: number
}

export interface TurnsOptions {
  atOnce: number
  perCaller: number
  /** Bounds of the line, of all callers and of one. */
  line: { total: number, perCaller: number }
}

interface Caller { running: number, line: Set<() => void> }

export function createTurns ({ atOnce, perCaller, line }: TurnsOptions): Turns {
  /** In the order of their turns: who was served goes to the end. */
  const callers = new Map<string, Caller>()
  let running = 0
  let waiting = 0

  const mayStart = () => running < atOnce && waiting > 0

  function next () {
    while (mayStart()) {
      const found = [...callers].find(([, { running, line }]) => line.size > 0 && running < perCaller)
      if (!found) return
      const [name, caller] = found
      callers.delete(name)
      callers.set(name, caller)
      const [begin] = caller.line
      begin?.()
    }
  }

  return {
    get running () { return running },
    get waiting () { return waiting },
    enter (name, start) {
      const caller = callers.get(name) ?? { running: 0, line: new Set() }
      if (waiting >= line.total || caller.line.size >= line.perCaller) throw new Failure('too many questions are waiting for this server')
      callers.set(name, caller)

      function leave (): boolean {
        if (!caller.line.delete(begin)) return false
        waiting--
        return true
      }
      const forget = () => { if (caller.running === 0 && caller.line.size === 0) callers.delete(name) }
      function begin () {
        leave()
        caller.running++
        running++
        let over = false
        start(() => {
          if (over) return
          over = true
          caller.running--
          running--
          forget()
          next()
        })
      }
      caller.line.add(begin)
      waiting++
      next()
      return () => { if (leave()) forget() }
    },
  }
}
