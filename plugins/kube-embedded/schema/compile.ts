import type { CompiledSchema } from '../kinds/types.js'
import { fillDefaults } from './defaults.js'
import { nodeOf, type Node } from './nodes.js'
import { prune } from './prune.js'
import { check, type Report } from './validate.js'
import { isRecord, type Json } from './values.js'

/** Of metadata a schema may bind the names alone; the rest is the same for every kind. */
function metadataOf (node: Node | undefined): Node | undefined {
  if (!node) return undefined
  const names = [...node.properties].filter(([key]) => key === 'name' || key === 'generateName')
  return { ...nodeOf({ type: 'object', 'x-kubernetes-preserve-unknown-fields': true }), properties: new Map(names) }
}

function rootOf (schema: Json): Node {
  const { properties, required, ...root } = nodeOf(schema)
  const metadata = metadataOf(properties.get('metadata'))
  const kept = [...properties].filter(([key]) => !['apiVersion', 'kind', 'metadata'].includes(key))
  return { ...root, embedded: false, required: required.filter(key => key !== 'metadata'), properties: new Map(metadata ? [...kept, ['metadata', metadata]] : kept) }
}

const lazily = <T>(make: () => T) => {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}

/** Reads a schema (when it is first needed) into the three passes over an object of the kind. Expressions of x-kubernetes-validations are not evaluated. */
export function compileSchema (schema: Record<string, unknown>, _of: { kind: string, group: string }): CompiledSchema {
  const root = lazily(() => rootOf(isRecord(schema) ? schema : {}))
  return {
    prune: draft => {
      const gone: string[] = []
      prune(root(), draft, '', gone, true)
      return gone
    },
    default: draft => { fillDefaults(root(), draft, true) },
    validate: object => {
      const report: Report = []
      check(root(), object, '', report)
      return report
    },
  }
}
