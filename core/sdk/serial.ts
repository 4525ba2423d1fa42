/** Lets work under one key happen one piece after the other; what fails does not hold up the next. */
export function createSerial () {
  const last = new Map<string, Promise<unknown>>()
  return async function serial<T> (key: string, work: () => Promise<T>): Promise<T> {
    const before = last.get(key) ?? Promise.resolve()
    const mine = before.then(work, work)
    const settled = mine.catch(() => {}).finally(() => { if (last.get(key) === settled) last.delete(key) })
    last.set(key, settled)
    return mine
  }
}
