import { isRecord, own, type Json } from '../../../../core/sdk/index.js'

/** No level of a schema has more rules. */
export const maxRules = 128

export type Reason = 'FieldValueInvalid' | 'FieldValueForbidden' | 'FieldValueRequired' | 'FieldValueDuplicate'

/** One of x-kubernetes-validations, as it is written. */
export interface Rule {
  readonly rule: string
  readonly message: string
  readonly writtenMessage: string
  readonly messageExpression: string
  readonly reason: Reason
  readonly fieldPath: string
  readonly optionalOldSelf: boolean | undefined
}

const textOf = (value: unknown) => typeof value === 'string' ? value : ''

function ruleOf (json: Json): Rule {
  const optional = own(json, 'optionalOldSelf')
  return {
    rule: textOf(own(json, 'rule')),
    message: textOf(own(json, 'message')).trim(),
    writtenMessage: textOf(own(json, 'message')),
    messageExpression: textOf(own(json, 'messageExpression')),
    reason: (textOf(own(json, 'reason')) || 'FieldValueInvalid') as Reason,
    fieldPath: textOf(own(json, 'fieldPath')),
    optionalOldSelf: typeof optional === 'boolean' ? optional : undefined,
  }
}

/** The rules that stand at one level of a schema. */
export function rulesOf (schema: Json): Rule[] {
  const list = own(schema, 'x-kubernetes-validations')
  return Array.isArray(list) ? list.slice(0, maxRules).map(item => ruleOf(isRecord(item) ? item : {})) : []
}
