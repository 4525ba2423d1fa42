/** An amount as Kubernetes writes it: exact, in billionths, with the family of suffixes that it came in. */
export interface Quantity { readonly nano: bigint, readonly binary: boolean }

const giga = 1_000_000_000n
const decimal: readonly (readonly [string, bigint])[] = [['E', 10n ** 27n], ['P', 10n ** 24n], ['T', 10n ** 21n], ['G', 10n ** 18n], ['M', 10n ** 15n], ['k', 10n ** 12n], ['', giga], ['m', 1_000_000n], ['u', 1000n], ['n', 1n]]
const binary: readonly (readonly [string, bigint])[] = [['Ei', 2n ** 60n * giga], ['Pi', 2n ** 50n * giga], ['Ti', 2n ** 40n * giga], ['Gi', 2n ** 30n * giga], ['Mi', 2n ** 20n * giga], ['Ki', 2n ** 10n * giga]]
const scales = new Map([...decimal, ...binary])
const form = /^([+-]?)(\d{0,30})(?:\.(\d{0,30}))?(?:([eE][+-]?\d{1,2})|([KMGTPE]i|[numkMGTPE]))?$/

export const zero: Quantity = { nano: 0n, binary: false }

/** Reads `100m`, `64Mi`, `1.5`, `2e3`; what is no quantity is undefined. Fractions of a billionth are rounded up. */
export function parseQuantity (text: unknown): Quantity | undefined {
  const [, sign = '', whole = '', fraction = '', exponent = '', suffix = ''] = form.exec(String(text)) ?? []
  if (whole + fraction === '') return undefined
  const power = Number(exponent.slice(1) || '0')
  const scale = (scales.get(suffix) ?? giga) * 10n ** BigInt(Math.max(power, 0))
  const divisor = 10n ** BigInt(fraction.length + Math.max(-power, 0))
  const amount = BigInt(whole + fraction) * scale
  const nano = (amount + divisor - 1n) / divisor
  return { nano: sign === '-' ? -nano : nano, binary: suffix.endsWith('i') }
}

export const quantityOf = (count: number): Quantity => ({ nano: BigInt(count) * giga, binary: false })

/** A sum; it is written like the first part that is not nothing. */
export const add = (a: Quantity, b: Quantity): Quantity => ({ nano: a.nano + b.nano, binary: a.nano === 0n ? b.binary : a.binary })
export const larger = (a: Quantity, b: Quantity): Quantity => b.nano > a.nano ? b : a

/** The canonical text: the largest suffix that leaves no fraction. */
export function formatQuantity ({ nano, binary: asBinary }: Quantity): string {
  if (nano === 0n) return '0'
  const scale = (asBinary ? binary : []).find(([, size]) => nano % size === 0n) ?? decimal.find(([suffix, size]) => nano % size === 0n && !(asBinary && size > giga && suffix !== ''))
  const [suffix, size] = scale ?? ['n', 1n]
  return `${nano / size}${suffix}`
}
