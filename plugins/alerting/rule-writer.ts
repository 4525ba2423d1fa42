import { setImmediate } from 'node:timers/promises'
import type { FileRule } from '../../schemas/alerting/prometheus-operator.js'
import { createSerial, promql, StatusError, textError, timestampOf } from '../../core/sdk/index.js'
import { problemOf, type PostedRule } from './posted-rule.js'
import { fileLimits, fitsAlone } from './rule-files.js'
import { fileOf, notFound, type Scope, type Scopes } from './rule-scope.js'
import type { RuleStorage } from './rule-storage.js'
import type { PlacedRule } from './rulers.js'

export interface BulkItem { ruleName: string, status: 'success' | 'error', result?: 'created' | 'updated' | 'deleted', errorType?: 'bad_data' | 'duplicate_name' | 'not_found' | 'server_error', error?: string }
export interface BulkAnswer { errors: boolean, items: BulkItem[] | null }
type Result = NonNullable<BulkItem['result']>

/** Functions that may write any text into a label of what they answer. */
const relabels = /\b(label_replace|label_join|count_values)\b/i

/** A rule as Prometheus is given it. In a project it reads the project alone, and its alerts say no other. */
function fileRuleOf ({ name, query, duration, labels, annotations }: PostedRule, project: string, now: number): FileRule {
  return {
    alert: name,
    expr: project ? promql.restrict(query, { namespace: project }) : query,
    ...(duration ? { for: duration } : {}),
    labels: { ...labels, alerttype: labels.alerttype ?? 'metric', ...(project && relabels.test(query) ? { namespace: project } : {}) },
    annotations: { ...annotations, rule_update_time: timestampOf(now) },
  }
}

const failed = (ruleName: string, errorType: NonNullable<BulkItem['errorType']>, error = ''): BulkItem => ({ ruleName, status: 'error', errorType, ...(error ? { error } : {}) })

/** One item for each name, in the order in which they were asked for. */
function answerOf (names: readonly string[], items: ReadonlyMap<string, BulkItem>): BulkAnswer {
  const said = names.flatMap(name => items.get(name) ?? [])
  return { errors: said.some(({ status }) => status === 'error'), items: said.length ? said : null }
}

/** Does some work for several rules at once and says of each how it went. */
async function outcome (names: readonly string[], result: Result, work: () => Promise<void>): Promise<BulkItem[]> {
  if (!names.length) return []
  try { await work() } catch (error) {
    if (!(error instanceof StatusError)) throw error
    return names.map(name => failed(name, 'server_error', error.message))
  }
  return names.map(ruleName => ({ ruleName, status: 'success', result }))
}

/** Makes, changes and removes rules; of a project, or '' for the cluster. What happens to one of these happens in turn. */
export function createRuleWriter ({ scopes, storage, now = Date.now }: { scopes: Scopes, storage: RuleStorage, now?: () => number }) {
  const inTurn = createSerial()

  /** Takes alerts out of every object that they stand in. */
  async function take (scope: Scope, rules: readonly PlacedRule[]): Promise<void> {
    const names = new Set(rules.map(({ rule }) => rule.alert))
    for (const file of new Set(rules.map(placed => fileOf(scope, placed)))) await storage.remove(file, names)
  }

  /** Puts rules in the place of those of their names in one object. What others have under these names goes first. */
  async function replace (scope: Scope, rules: readonly FileRule[]): Promise<void> {
    const known = rules.map(({ alert = '' }) => scope.rules.get(alert)!)
    const { file } = known[0]![0]!
    await take(scope, known.flatMap(same => same.filter(placed => placed.file !== file)))
    await storage.replace(scope.shelf, fileOf(scope, known[0]![0]!), rules)
  }

  async function add (scope: Scope, rules: readonly FileRule[]): Promise<void> {
    scopes.requireReader(scope)
    await storage.add(scope.shelf, rules)
  }

  /** A rule as it is stored, or what is wrong with it, be it only its size. */
  function made (posted: PostedRule, project: string): FileRule | string {
    const problem = problemOf(posted, project)
    if (problem) return problem
    const rule = fileRuleOf(posted, project, now())
    return fitsAlone(rule) ? rule : `the rule is larger than ${fileLimits.bytes} bytes`
  }

  function checked (posted: PostedRule, project: string): FileRule {
    const rule = made(posted, project)
    if (typeof rule === 'string') throw textError(400, rule)
    return rule
  }

  async function storeAll (project: string, posted: readonly PostedRule[]): Promise<BulkAnswer> {
    const scope = scopes.forWriting(project)
    const names = [...new Set(posted.map(({ name }) => name))]
    const items = new Map<string, BulkItem>()
    const note = (some: readonly BulkItem[]) => { for (const item of some) items.set(item.ruleName, item) }
    const byName = new Map<string, PostedRule[]>(names.map(name => [name, []]))
    for (const rule of posted) byName.get(rule.name)!.push(rule)
    const good: { name: string, rule: FileRule, file: string | undefined }[] = []
    for (const [name, [rule, ...more]] of byName) {
      const found = more.length ? undefined : made(rule!, project)
      if (found === undefined) note([failed(name, 'duplicate_name', `There is more than one rule named ${name} in the bulk request`)])
      else if (typeof found === 'string') note([failed(name, 'bad_data', found)])
      else good.push({ name, rule: found, file: scope.rules.get(name)?.[0]?.file })
      // A bulk may hold a thousand rules: others have their turn between.
      await setImmediate()
    }
    for (const file of new Set(good.map(({ file }) => file))) {
      const here = good.filter(one => one.file === file)
      const rules = here.map(({ rule }) => rule)
      note(await outcome(here.map(({ name }) => name), file === undefined ? 'created' : 'updated', () => file === undefined ? add(scope, rules) : replace(scope, rules)))
    }
    return answerOf(names, items)
  }

  return {
    create: (project: string, posted: PostedRule): Promise<void> => inTurn(project, async () => {
      const rule = checked(posted, project)
      const scope = scopes.forWriting(project)
      if (scope.rules.has(posted.name)) throw textError(409, 'The alerting rule already exists')
      await add(scope, [rule])
    }),

    /** The name in the body must be one, and is then that of the path. */
    update: (project: string, name: string, posted: PostedRule): Promise<void> => inTurn(project, async () => {
      const rule = { ...checked(posted, project), alert: name }
      const scope = scopes.forWriting(project)
      if (!scope.rules.has(name)) throw notFound()
      await replace(scope, [rule])
    }),

    remove: (project: string, name: string): Promise<void> => inTurn(project, async () => {
      const scope = scopes.forWriting(project)
      const known = scope.rules.get(name)
      if (!known) throw notFound()
      await take(scope, known)
    }),

    storeAll: (project: string, posted: readonly PostedRule[]): Promise<BulkAnswer> =>
      posted.length ? inTurn(project, () => storeAll(project, posted)) : Promise.resolve(answerOf([], new Map())),

    async removeAll (project: string, given: readonly string[]): Promise<BulkAnswer> {
      if (!given.length) return answerOf([], new Map())
      return inTurn(project, async () => {
        const scope = scopes.forWriting(project)
        const names = [...new Set(given)]
        const there = names.filter(name => scope.rules.has(name))
        const gone = await outcome(there, 'deleted', () => take(scope, there.flatMap(name => scope.rules.get(name)!)))
        const missing = names.filter(name => !scope.rules.has(name)).map(name => failed(name, 'not_found'))
        return answerOf(names, new Map([...gone, ...missing].map(item => [item.ruleName, item])))
      })
    },
  }
}

export type RuleWriter = ReturnType<typeof createRuleWriter>
