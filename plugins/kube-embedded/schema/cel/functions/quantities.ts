import { Quantity } from '../../../../../core/sdk/index.js'
import { EvaluationError } from '../cost.js'
import type { Functions } from './index.js'

/** A Kubernetes quantity as a value of the language: equal where the amount is. */
class Amount {
  readonly kind = 'quantity'
  readonly key: bigint
  readonly quantity: Quantity
  constructor (quantity: Quantity) {
    this.key = quantity.nano
    this.quantity = quantity
  }
}

function quantity (text: string): Amount {
  try {
    return new Amount(Quantity.parse(text))
  } catch (error) {
    throw new EvaluationError((error as TypeError).message)
  }
}

const isInteger = ({ quantity }: Amount): boolean => quantity.isWhole && BigInt.asIntN(64, quantity.toWhole()) === quantity.toWhole()

function asInteger (amount: Amount): bigint {
  if (!isInteger(amount)) throw new EvaluationError('cannot convert value to integer')
  return amount.quantity.toWhole()
}

const order = (a: Amount, b: Amount): number => a.quantity.compare(b.quantity)

export const quantities: Functions = {
  'isQuantity(string): bool': (text: string) => Quantity.find(text) !== undefined,
  'quantity(string): quantity': quantity,
  'quantity.sign(): int': ({ quantity }: Amount) => BigInt(quantity.sign),
  'quantity.isInteger(): bool': isInteger,
  'quantity.asInteger(): int': asInteger,
  'quantity.asApproximateFloat(): double': ({ quantity }: Amount) => quantity.toNumber(),
  'quantity.compareTo(quantity): int': (a: Amount, b: Amount) => BigInt(order(a, b)),
  'quantity.isGreaterThan(quantity): bool': (a: Amount, b: Amount) => order(a, b) > 0,
  'quantity.isLessThan(quantity): bool': (a: Amount, b: Amount) => order(a, b) < 0,
  'quantity.add(quantity): quantity': (a: Amount, b: Amount) => new Amount(a.quantity.plus(b.quantity)),
  'quantity.add(int): quantity': (a: Amount, b: bigint) => new Amount(a.quantity.plus(Quantity.ofCount(b))),
  'quantity.sub(quantity): quantity': (a: Amount, b: Amount) => new Amount(a.quantity.minus(b.quantity)),
  'quantity.sub(int): quantity': (a: Amount, b: bigint) => new Amount(a.quantity.minus(Quantity.ofCount(b))),
}
