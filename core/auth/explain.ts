import type { PolicyRule } from '../../schemas/kube/builtin.js'
import type { Grants, Held, Level } from './grants.js'
import { Matcher } from './rules.js'
import { lacks, type Attributes, type Explanation, type Lack, type Miss } from './types.js'

/** How many bindings of a level are looked into, and how many of them are told. */
const bounds = { examined: 50, told: 20 }

type Binding = Miss['bindings'][number]
interface Step { scope: Level, place: string, bindings: Binding[] }

const any = ['*']
const nearest = (a: Lack, b: Lack): number => lacks.indexOf(a) - lacks.indexOf(b)
const allows = (rule: PolicyRule, attributes: Attributes): boolean => new Matcher([rule]).allows(attributes)

/** A rule that does not allow a request is widened until it does; what it took last is what it lacks. */
function lackOf (rule: PolicyRule, attributes: Attributes): Lack {
  const unnamed: PolicyRule = { ...rule, resourceNames: [] }
  const anyVerb: PolicyRule = { ...unnamed, verbs: any }
  if (allows(unnamed, attributes)) return 'resourceName'
  if (allows(anyVerb, attributes)) return 'verb'
  return rule.resources?.length && allows({ ...anyVerb, apiGroups: any }, attributes) ? 'apiGroup' : 'resource'
}

/** The steps of one decision, as the walk takes them. */
export class Trace {
  readonly #grants: Grants
  readonly #steps: Step[] = []
  #found: Explanation['found']

  constructor (grants: Grants) { this.#grants = grants }

  enter (scope: Level, place: string): void {
    this.#steps.push({ scope, place, bindings: [] })
  }

  missed (held: Held, attributes: Attributes): void {
    const bindings = this.#steps.at(-1)?.bindings
    if (!bindings || bindings.length >= bounds.examined || bindings.some(({ binding }) => binding === held.binding)) return
    const role = this.#grants.roleOf(held)
    const [lack = 'resource'] = (role?.rules ?? []).map(rule => lackOf(rule, attributes)).sort(nearest)
    bindings.push({ binding: held.binding, role: `${held.roleKind}/${held.roleName}`, lacks: role ? lack : 'role' })
  }

  found (held: Held, attributes: Attributes): void {
    const rule = this.#grants.roleOf(held)?.rules?.find(rule => allows(rule, attributes))
    const step = this.#steps.pop()
    if (rule && step) this.#found = { scope: step.scope, rule }
  }

  /** What was written down, but for the level that allowed it. */
  told (): Omit<Explanation, 'decision'> {
    const misses = this.#steps.map(step => ({ ...step, bindings: step.bindings.toSorted((a, b) => nearest(a.lacks, b.lacks)).slice(0, bounds.told) }))
    return { ...(this.#found ? { found: this.#found } : {}), misses }
  }
}
