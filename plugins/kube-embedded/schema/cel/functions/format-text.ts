import { EvaluationError, type Cost } from '../cost.js'
import { kindOf } from '../values.js'

/** A value as `%s` shows it. */
function shown (value: unknown, cost: Cost): string {
  const kind = kindOf(value)
  cost.spend(1)
  if (kind === 'list') return `[${(value as unknown[]).map(item => shown(item, cost)).join(', ')}]`
  if (kind === 'map') return `{${[...value as Map<unknown, unknown>].map(([key, item]) => `${shown(key, cost)}: ${shown(item, cost)}`).join(', ')}}`
  if (kind === 'bytes') return Buffer.from(value as Uint8Array).toString()
  if (kind === 'object' || kind === 'optional') throw new EvaluationError('could not convert argument to string')
  cost.text(typeof value === 'string' ? value.length : 1)
  return kind === 'type' ? (value as { key: string }).key : String(value)
}

function digits (value: unknown, base: number): string {
  if (typeof value !== 'bigint') throw new EvaluationError('integer clause can only be used on integers')
  return value.toString(base)
}

function hex (value: unknown): string {
  if (typeof value === 'string' || value instanceof Uint8Array) return Buffer.from(value as string).toString('hex')
  return digits(value, 16)
}

function decimals (value: unknown, precision: string, form: 'toFixed' | 'toExponential'): string {
  const places = precision === '' ? 6 : Number(precision.slice(1))
  if (typeof value !== 'number' || places > 100) throw new EvaluationError('fixed-point clause can only be used on doubles')
  return value[form](places)
}

function clause (verb: string, precision: string, value: unknown, cost: Cost): string {
  switch (verb) {
    case 's': return shown(value, cost)
    case 'd': return digits(value, 10)
    case 'b': return typeof value === 'boolean' ? value ? '1' : '0' : digits(value, 2)
    case 'o': return digits(value, 8)
    case 'x': return hex(value)
    case 'X': return hex(value).toUpperCase()
    case 'f': return decimals(value, precision, 'toFixed')
    case 'e': return decimals(value, precision, 'toExponential')
    default: throw new EvaluationError(`unrecognized formatting clause "${verb}"`)
  }
}

/** `"%s is %d".format([name, size])`. */
export function formatText (text: string, args: unknown[], cost: Cost): string {
  let next = 0
  const result = text.replaceAll(/%(?:%|(\.\d{1,3})?(\w)|)/g, (whole, precision: string = '', verb: string = '') => {
    if (whole === '%%') return '%'
    if (next >= args.length) throw new EvaluationError(`index ${next} out of range`)
    return clause(verb, precision, args[next++], cost)
  })
  cost.text(result.length)
  return result
}
