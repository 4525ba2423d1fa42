import { invalidValue, invalidValues, requiredValue } from '../causes.js'
import { subdomainProblems } from '../names.js'
import type { Cause } from './types.js'

const letters = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+"
const path = new RegExp(`^${letters}$`)

/** `acme.io/foo`: a name in the domain of whoever made it. */
export function domainPathCauses (field: string, value: string): Cause[] {
  if (value === '') return [requiredValue(field)]
  const slash = value.indexOf('/')
  const [host, rest] = [value.slice(0, slash), value.slice(slash + 1)]
  if (slash < 1 || rest === '') return [invalidValue(field, value, 'must be a domain-prefixed path (such as "acme.io/foo")')]
  return [...invalidValues(field, host, subdomainProblems(host)), ...path.test(rest) ? [] : [invalidValue(field, rest, `Invalid path (regex used for validation is '${letters}')`)]]
}
