import { isRecord } from '../../../core/sdk/index.js'
import type { CompiledSchema, Draft } from '../kinds/types.js'
import { fillDefaults } from './defaults.js'
import { validatorOf } from './cel/index.js'
import { rootOf } from './nodes.js'
import { prune } from './prune.js'
import { check, type Report } from './validate.js'

/** Rules are asked of values that have their types. */
const unchecked: Report[number] = { reason: 'FieldValueInvalid', message: 'Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation', field: '<nil>' }

const lazily = <T>(make: () => T) => {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}

/** Reads a schema (when it is first needed) into the three passes over an object of the kind. As Kubernetes: rules of x-kubernetes-validations see only what the rest of the schema finds right. */
export function compileSchema (schema: Record<string, unknown>, _of: { kind: string, group: string }): CompiledSchema {
  const root = lazily(() => rootOf(isRecord(schema) ? schema : {}))
  const rules = lazily(() => ({ validator: validatorOf(root()) }))
  return {
    prune: draft => {
      const gone: string[] = []
      prune(root(), draft, '', gone, true)
      return gone.sort()
    },
    default: draft => { fillDefaults(root(), draft, true) },
    validate: (object, stored) => {
      const report: Report = []
      check(root(), object, '', report)
      const { validator } = rules()
      if (report.length > 0) return validator ? [...report, unchecked] : report
      return validator?.validate(object as Draft, stored as Draft | undefined) ?? []
    },
  }
}
