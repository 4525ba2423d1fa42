import { isRecord, own } from '../../../core/sdk/index.js'

type Step = { readonly name: string } | { readonly index: number } | { readonly all: true } | { readonly key: string, readonly equals: boolean, readonly operand: unknown }
const maxSteps = 64
const maxValues = 10_000

const name = /^\.?((?:[^\s.*?@()[\]{}'",\\]|\\.)+)/
const quoted = /^\[(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\]/
const index = /^\[(-?\d{1,9})\]/
const all = /^(?:\[\*\]|\.\*)/
const filter = /^\[\?\(\s*@\.((?:[A-Za-z0-9_-]|\\.)+)\s*([!=]=)\s*(?:'([^']*)'|"([^"]*)"|(true|false|-?\d{1,15}))\s*\)\]/

const plain = (text: string) => text.replace(/\\(.)/g, '$1')

function stepAt (rest: string): [Step, number] | undefined {
  let match = all.exec(rest)
  if (match) return [{ all: true }, match[0].length]
  if ((match = index.exec(rest))) return [{ index: Number(match[1]) }, match[0].length]
  if ((match = quoted.exec(rest))) return [{ name: plain(match[1] ?? match[2] ?? '') }, match[0].length]
  if ((match = filter.exec(rest))) return [{ key: plain(match[1]!), equals: match[2] === '==', operand: match[3] ?? match[4] ?? (JSON.parse(match[5]!) as unknown) }, match[0].length]
  if ((match = name.exec(rest))) return [{ name: plain(match[1]!) }, match[0].length]
  return undefined
}

function stepsOf (path: string): Step[] | undefined {
  const inner = /^\{(.*)\}$/s.exec(path)?.[1] ?? path
  let rest = inner.startsWith('$') ? inner.slice(1) : inner
  const steps: Step[] = []
  while (rest !== '' && rest !== '.') {
    const found = stepAt(rest)
    if (!found || steps.length === maxSteps) return undefined
    steps.push(found[0])
    rest = rest.slice(found[1])
  }
  return steps
}

function follow (step: Step, value: unknown): unknown[] {
  if ('all' in step) return Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : []
  if ('index' in step) return Array.isArray(value) ? [value.at(step.index)] : []
  if ('key' in step) return Array.isArray(value) ? value.filter(item => isRecord(item) && own(item, step.key) !== undefined && (own(item, step.key) === step.operand) === step.equals) : []
  return isRecord(value) ? [own(value, step.name)] : []
}

/**
 * Kubernetes' JSONPath of printer columns: names (`\.` escapes), quoted names, indices, `*`, and `[?(@.a=="b")]` (or `!=`); `undefined` where the path is none of that.
 * What it finds first is the answer, as columns have it.
 */
export function jsonPath (path: string): ((object: unknown) => unknown) | undefined {
  const steps = stepsOf(path)
  return steps && (object => {
    let values: unknown[] = [object]
    for (const step of steps) values = values.flatMap(value => follow(step, value)).filter(value => value !== undefined && value !== null).slice(0, maxValues)
    return values[0]
  })
}
