import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/** What may gather at most before it is collected, in bytes, and the shares of the heap that this may be, in percent. */
const garbage = { bytes: 48 * 1024 * 1024, least: 10, most: 100 }
/** Holes between what is alive that are worth moving it together: a share of it, and so many bytes; no more often than this (ms), because it stops all else. */
const holes = { share: 0.15, bytes: 32 * 1024 * 1024, pause: 30_000 }
const interval = 2_000

/**
 * V8 collects when the heap has grown by a share of what is alive, several times it where that is little, and leaves holes where many objects have come and
 * gone. Here the heap grows by about the same number of bytes, however much is alive, and is moved together once the holes are many: a small server spends
 * little time on either, a large one little memory.
 */
export function boundMemory (): void {
  let growth = 0
  let moves = false
  let moved = -holes.pause
  const adjust = (): void => {
    const old = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'old_space')
    if (!old) return
    const { space_used_size: used, space_size: size } = old
    const wanted = Math.min(garbage.most, Math.max(garbage.least, Math.floor(garbage.bytes / used * 10) * 10))
    if (wanted !== growth) setFlagsFromString(`--heap-growing-percent=${wanted}`)
    growth = wanted
    const now = performance.now()
    const isWorth = size - used > Math.max(holes.bytes, used * holes.share)
    if (moves && !isWorth) moved = now
    const next = isWorth && (moves || now - moved > holes.pause)
    if (next !== moves) setFlagsFromString(next ? '--compact-on-every-full-gc' : '--no-compact-on-every-full-gc')
    moves = next
  }
  adjust()
  setInterval(adjust, interval).unref()
}
