/** What one rule may spend on one value, as Kubernetes: a unit is a step, an item walked over or ten characters. */
export const maxCall = 1_000_000
/** What all rules may spend on one object; Kubernetes allows five times as much, but does not wait for it on its only thread. */
export const maxObject = 2_000_000
/** What every rule costs on every value. */
const perRule = 5
const perFailure = 20
/** No text that a rule makes is longer. */
const maxText = 4_000_000

/** A rule cannot say true or false of a value; `&&`, `||`, `all` and `exists` may do without. */
export class EvaluationError extends Error {}
/** Evaluation has cost too much and is over, whatever stands around it. */
export class CostError extends Error {}

/**
 * Bounds evaluation. Every call, access, comparison and turn of a comprehension is paid for before it is done, and so are the sizes of what goes into it:
 * no rule works longer than its budget lasts, some tenths of a second, on whatever object.
 */
export class Cost {
  #object = maxObject
  #call = 0

  /** Begins with the next rule; false where nothing is left for it. */
  begin (): boolean {
    this.#call = maxCall
    this.#object -= perRule
    return this.#object > 0
  }

  spend (units: number) {
    this.#call -= units
    this.#object -= units
    if (this.#object < 0) throw new CostError('validation failed due to running out of cost budget, no further validation rules will be run')
    if (this.#call < 0) throw new CostError('operation cancelled: actual cost limit exceeded')
  }

  /** Goes on after a part that failed; more than such a failure is not forgiven. */
  forgive (error: unknown): EvaluationError {
    if (!(error instanceof EvaluationError)) throw error
    this.spend(perFailure)
    return error
  }

  /** Pays for a text before it is made. */
  text (length: number) {
    if (length > maxText) throw new EvaluationError(`text is longer than ${maxText} characters`)
    this.spend(Math.ceil(length / 10))
  }
}
