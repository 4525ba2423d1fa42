// Scenarios of people at work, where a folder with them is at hand: every step answers as it says.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import { password, platform } from '../helpers/platform.js'
import { root } from '../helpers/process.js'

const file = join(root, '../shared/spec/flows.json')
const skip = existsSync(file) ? false : 'the scenarios are not here'

type Json = Record<string, any>
type Tests = { is?: unknown, present?: boolean, type?: string, length?: number, minLength?: number, matches?: string, includes?: unknown, excludes?: unknown, anyItem?: Json, noItem?: Json, either?: Tests[], jwtClaim?: string }
interface Expectation { status: number, text?: string, textIncludes?: string, contentType?: string, checks?: (Tests & { at: string })[] }
interface Step { id: string, as: string, method: string, path: string, headers?: Record<string, string>, form?: Record<string, string>, body?: unknown, bodyFrom?: { get: string, set: Json }, repeat?: string | number, poll?: number, expect: Expectation, saveToken?: string, capture?: Record<string, string> }
interface Answer { status: number, headers: Json, text: string, json: unknown }

const missing = Symbol('missing')
const keysOf = (pointer: string): string[] => pointer.split('/').slice(1).map(key => key.replaceAll('~1', '/').replaceAll('~0', '~'))
const at = (value: unknown, pointer: string): unknown => keysOf(pointer).reduce<unknown>((inner, key) => inner !== null && typeof inner === 'object' && key in inner ? (inner as Json)[key] : missing, value)

function put (value: Json, pointer: string, item: unknown): void {
  const keys = keysOf(pointer)
  const last = keys.pop()!
  keys.reduce<Json>((inner, key) => (inner[key] ??= {}) as Json, value)[last] = item
}

const claimOf = (token: unknown, path: string): unknown => at(JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString('utf8')), `/${path.replaceAll('.', '/')}`)
const typeOf = (value: unknown): string => value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
const hasAll = (pairs: Json) => (item: unknown): boolean => Object.entries(pairs).every(([pointer, wanted]) => isDeepStrictEqual(at(item, pointer), wanted))

const tests: { [K in keyof Required<Tests>]: (value: unknown, wanted: NonNullable<Tests[K]>) => boolean } = {
  is: isDeepStrictEqual,
  present: (value, wanted) => (value !== missing) === wanted,
  type: (value, wanted) => typeOf(value) === wanted,
  length: (value, wanted) => Array.isArray(value) && value.length === wanted,
  minLength: (value, wanted) => Array.isArray(value) && value.length >= wanted,
  matches: (value, wanted) => typeof value === 'string' && new RegExp(wanted).test(value),
  includes: (value, wanted) => Array.isArray(value) && value.some(item => isDeepStrictEqual(item, wanted)),
  excludes: (value, wanted) => !Array.isArray(value) || !value.some(item => isDeepStrictEqual(item, wanted)),
  anyItem: (value, wanted) => Array.isArray(value) && value.some(hasAll(wanted)),
  noItem: (value, wanted) => !Array.isArray(value) || !value.some(hasAll(wanted)),
  either: (value, wanted) => wanted.some(one => holds(value, one)),
  jwtClaim: () => true,
}

function holds (found: unknown, { jwtClaim, ...wanted }: Tests): boolean {
  const value = jwtClaim === undefined ? found : claimOf(found, jwtClaim)
  return Object.entries(wanted).every(([name, expected]) => tests[name as keyof Tests](value, expected as never))
}

/** What an answer lacks; '' where it is as expected. */
function lack ({ status, text, textIncludes, contentType, checks = [] }: Expectation, answer: Answer): string {
  if (answer.status !== status) return `${answer.status} instead of ${status}`
  if (text !== undefined && answer.text !== text) return `not ${JSON.stringify(text)}`
  if (textIncludes !== undefined && !answer.text.includes(textIncludes)) return `no ${JSON.stringify(textIncludes)}`
  if (contentType !== undefined && answer.headers['content-type'] !== contentType) return `content type ${String(answer.headers['content-type'])}`
  const failed = checks.find(({ at: pointer, ...wanted }) => !holds(at(answer.json, pointer), wanted))
  return failed ? `not ${JSON.stringify(failed)}` : ''
}

/** Runs steps one after the other; they share tokens and variables. */
function createRunner (raw: Awaited<ReturnType<typeof platform>>['raw'], given: Record<string, string>) {
  const saved: Record<string, string> = { ...given }
  const filled = <T>(value: T): T => JSON.parse(JSON.stringify(value).replace(/\$\{([^}]+)\}/g, (_, name: string) => JSON.stringify(saved[name] ?? '').slice(1, -1))) as T
  const credential = (as: string): Record<string, string> => as === 'anonymous' ? {} : { authorization: as.startsWith('raw:') ? as.slice(4) : as.startsWith('refresh:') ? `Bearer ${saved[as] ?? ''}` : `Bearer ${saved[`access:${as}`] ?? ''}` }

  async function once ({ as, method, path, headers = {}, form, body, bodyFrom }: Step): Promise<Answer> {
    const own = { ...credential(as), ...headers }
    let sent = form ? String(new URLSearchParams(form)) : body
    if (bodyFrom) {
      const read = (await raw('GET', bodyFrom.get, { headers: own })).json as Json
      for (const [pointer, item] of Object.entries(bodyFrom.set)) put(read, pointer, item)
      sent = read
    }
    return await raw(method, path, { headers: { ...own, ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}) }, ...(sent === undefined ? {} : { body: sent }) }) as Answer
  }

  async function attempt (step: Step): Promise<string> {
    const until = Date.now() + (step.poll ?? 0) * 4000           // a machine may be slower than the one that was recorded
    for (;;) {
      const answer = await once(step)
      const why = lack(step.expect, answer)
      if (why === '') {
        if (step.saveToken) for (const kind of ['access', 'refresh']) saved[`${kind}:${step.saveToken}`] = String(at(answer.json, `/${kind}_token`))
        for (const [name, pointer] of Object.entries(step.capture ?? {})) saved[name] = String(at(answer.json, pointer))
        return ''
      }
      if (Date.now() >= until) return `${why}: ${answer.text.slice(0, 300)}`
      await new Promise(resolve => setTimeout(resolve, 200))
    }
  }

  return async (written: Step): Promise<string> => {
    const step = filled(written)
    for (let i = 0; i < Number(step.repeat ?? 1); i++) {
      const why = await attempt(step)
      if (why) return why
    }
    return ''
  }
}

t.test('scenarios', { skip, timeout: 240_000 }, async t => {
  const { flows } = JSON.parse(readFileSync(file, 'utf8')) as { flows: { id: string, title: string, steps: Step[] }[] }
  const { raw, ask } = await platform(t)
  await ask('admin', 'POST', '/api/v1/namespaces', { body: { metadata: { name: 'unlabelled' } } })
  const run = createRunner(raw, { adminPassword: password, maxTries: '5', unlabelledNamespace: 'unlabelled' })
  for (const { id, title, steps } of flows) {
    await t.test(`${id}: ${title}`, async t => {
      for (const step of steps) t.equal(await run(step), '', `${step.id} ${step.as} ${step.method} ${step.path}`)
    })
  }
})
