import { binaryTag, boolYaml11Tag, defineScalarTag, FAILSAFE_SCHEMA, floatCoreTag, intCoreTag, load, mergeTag, NOT_RESOLVED, nullYaml11Tag } from 'js-yaml'
import { badRequest } from '../../core/sdk/index.js'

const maxDepth = 64
const maxNodes = 100_000

/** Whole numbers of YAML 1.1 and 1.2, without the sixtieths that would make a number of `80:80`. */
const wholeTag = defineScalarTag<number>('tag:yaml.org,2002:int', {
  implicit: true,
  identify: Number.isInteger,
  implicitFirstChars: ['-', '+', ...'0123456789'],
  resolve: (source, isExplicit, tagName) => {
    const digits = source.replaceAll('_', '')
    if (/^[-+]?0[0-7]+$/.test(digits)) return parseInt(digits, 8)
    return /^[-+]?\d/.test(digits) ? intCoreTag.resolve(digits, isExplicit, tagName) as number | typeof NOT_RESOLVED : NOT_RESOLVED
  },
})

/** As Kubernetes reads YAML: `yes` is true, `010` is eight, and a date is text. */
const schema = FAILSAFE_SCHEMA.withTags(nullYaml11Tag, boolYaml11Tag, wholeTag, floatCoreTag, binaryTag, mergeTag)

/** A value as JSON would hold it: aliases expanded within the bounds of a body, bytes as text. */
function plain (value: unknown, budget: { nodes: number }, depth = 0): unknown {
  if (--budget.nodes < 0 || depth > maxDepth) throw badRequest(`the body has more than ${maxNodes} values or is nested deeper than ${maxDepth} levels`)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8')
  if (Array.isArray(value)) return value.map(item => plain(item, budget, depth + 1))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== '__proto__').map(([key, item]) => [key, plain(item, budget, depth + 1)]))
}

/** Of keys that stand there twice the last one counts. */
export const parseYAML = (bytes: Buffer): unknown => plain(load(bytes.toString('utf8'), { schema, json: true }), { nodes: maxNodes })
