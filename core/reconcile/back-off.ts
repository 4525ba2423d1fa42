const first = 5
const last = 1_000_000

/** How long a key rests after so many failures in a row (ms): 5 ms doubling to 1000 s, up to a fifth of it taken off by `random` (0 to 1). */
export function backOff (attempts: number, random: number): number {
  const whole = Math.min(first * 2 ** Math.min(Math.max(attempts - 1, 0), 30), last)
  return whole * (1 - random / 5)
}
