import { EvaluationError } from './cost.js'

const second = 1_000_000_000n
const units: Readonly<Record<string, bigint>> = { ns: 1n, us: 1000n, µs: 1000n, μs: 1000n, ms: 1_000_000n, s: second, m: 60n * second, h: 3600n * second, d: 86_400n * second, w: 604_800n * second }
const maxDuration = 2n ** 63n - 1n
const maxLength = 256

export class Timestamp {
  readonly kind = 'timestamp'
  /** Nanoseconds since 1970. */
  readonly key: bigint
  constructor (key: bigint) {
    if (key < -62_135_596_800n * second || key >= 253_402_300_800n * second) throw new EvaluationError('timestamp overflow')
    this.key = key
  }

  get date () { return new Date(Number((this.key - floorMod(this.key, 1_000_000n)) / 1_000_000n)) }
  toString () { return this.date.toISOString().replace(/\.\d+Z$/, `${fraction(floorMod(this.key, second))}Z`) }
}

export class Duration {
  readonly kind = 'duration'
  /** Nanoseconds. */
  readonly key: bigint
  constructor (key: bigint) {
    if (key > maxDuration || key < -maxDuration) throw new EvaluationError('duration overflow')
    this.key = key
  }

  toString () {
    const size = this.key < 0n ? -this.key : this.key
    return `${this.key < 0n ? '-' : ''}${size / second}${fraction(size % second)}s`
  }
}

const floorMod = (value: bigint, by: bigint) => ((value % by) + by) % by
const fraction = (nanos: bigint) => nanos === 0n ? '' : `.${nanos.toString().padStart(9, '0').replace(/0+$/, '')}`

/** RFC 3339, or a date alone. */
export function parseTimestamp (text: string): Timestamp {
  const [whole, day, time = 'T00:00:00', part = '', zone = 'Z'] = (text.length < maxLength && /^(\d{4}-\d\d-\d\d)(?:([Tt ]\d\d:\d\d:\d\d)(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d))?$/.exec(text)) || []
  const at = whole === undefined ? NaN : Date.parse(`${day!}T${time.slice(1)}${zone.toUpperCase()}`)
  if (Number.isNaN(at)) throw new EvaluationError(`invalid timestamp ${JSON.stringify(text.slice(0, maxLength))}`)
  return new Timestamp(BigInt(at) * 1_000_000n + BigInt(part.slice(1).padEnd(9, '0')))
}

/** As Go writes it (`1h30m`, `-1.5s`); days and weeks where `known` names them. */
export function parseDuration (text: string, known = 'ns|us|µs|μs|ms|s|m|h|d|w'): Duration {
  if (text === '0') return new Duration(0n)
  const parts = text.length < maxLength && new RegExp(`^[+-]?((\\d+(\\.\\d*)?|\\.\\d+)(${known}))+$`).test(text) ? text.matchAll(/(\d*)(?:\.(\d*))?([a-zµμ]+)/g) : undefined
  if (!parts) throw new EvaluationError(`invalid duration ${JSON.stringify(text.slice(0, maxLength))}`)
  let nanos = 0n
  for (const [, whole = '', part = '', unit = ''] of parts) nanos += BigInt(whole || 0) * units[unit]! + BigInt(part.slice(0, 18).padEnd(18, '0')) * units[unit]! / 10n ** 18n
  return new Duration(text.startsWith('-') ? -nanos : nanos)
}
