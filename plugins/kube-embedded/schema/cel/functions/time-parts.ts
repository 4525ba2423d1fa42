import type { Duration, Timestamp } from '../times.js'
import type { Functions } from './index.js'

const day = 86_400_000
const dayOfYear = (date: Date) => Math.floor((Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()) - Date.UTC(date.getUTCFullYear(), 0)) / day)

const parts: Readonly<Record<string, (date: Date) => number>> = {
  getFullYear: date => date.getUTCFullYear(),
  getMonth: date => date.getUTCMonth(),
  getDate: date => date.getUTCDate(),
  getDayOfMonth: date => date.getUTCDate() - 1,
  getDayOfWeek: date => date.getUTCDay(),
  getDayOfYear: dayOfYear,
  getHours: date => date.getUTCHours(),
  getMinutes: date => date.getUTCMinutes(),
  getSeconds: date => date.getUTCSeconds(),
  getMilliseconds: date => date.getUTCMilliseconds(),
}
const units = { getHours: 3_600_000_000_000n, getMinutes: 60_000_000_000n, getSeconds: 1_000_000_000n, getMilliseconds: 1_000_000n }

/** Parts of times, in UTC. */
export const timeParts: Functions = {
  ...Object.fromEntries(Object.entries(parts).map(([name, part]) => [`timestamp.${name}(): int`, ({ date }: Timestamp) => BigInt(part(date))])),
  ...Object.fromEntries(Object.entries(units).map(([name, unit]) => [`duration.${name}(): int`, ({ key }: Duration) => key / unit])),
}
