import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { PromQLError, canonical, quote, restrict } from '../../core/services/promql/index.js'
import { seed } from '../helpers/fast-check.js'
import { hasPrometheus, startPrometheus, type PrometheusAnswer } from '../helpers/prometheus.js'
import { expressions, randomOf, type Vocabulary } from '../helpers/promql.js'

if (!hasPrometheus() && !process.env.CI) {
  t.plan(0, 'Prometheus is not installed here: run scripts/real/prometheus.mjs as root on Debian.')
  process.exit(0)
}

const count = Number(process.env.PROMQL_COUNT ?? 2000)

const end = Math.floor(Date.now() / 60_000) * 60 - 600
const begin = end - 7200
/** In no expression, and on every series of the other project. */
const canary = 'canary-5e1f'
const gauges = ['up', 'mem', 'ns:cpu:sum']

/** Two projects whose series differ in the namespace and the canary alone, one metric that only the other has, and series of no project. */
function samples (namespaces: readonly string[]): string {
  const lines: string[] = []
  const add = (type: string, name: string, rows: [labels: string, value: (i: number) => number][]) => {
    if (rows.length === 0) return
    lines.push(`# TYPE ${name.replace(/_total$|_bucket$/, '')} ${type}`)
    for (const [labels, value] of rows) for (let i = 0; i <= 120; i++) lines.push(`${name}{${labels}} ${value(i)} ${begin + i * 60}`)
  }
  const all = (metric: string, value: (pod: number, factor: number) => (i: number) => number, more = ''): [string, (i: number) => number][] => namespaces.flatMap(namespace => {
    const factor = namespace === 'theirs' ? 777 : 1
    return [0, 1, 2].map((pod): [string, (i: number) => number] => [[namespace && `namespace="${namespace}"`, `pod="pod-${pod}"`, `job="${pod === 2 ? 'b' : 'a'}"`, namespace === 'theirs' && pod > 0 && `canary="${canary}"`, more, `metric="${metric}"`].filter(Boolean).join(), value(pod, factor)])
  })
  for (const gauge of gauges) add('gauge', gauge, all(gauge, (pod, factor) => i => (1 + pod + (i * (pod + 3)) % 7) * factor))
  add('counter', 'requests_total', all('requests', (pod, factor) => i => i * (pod + 1) * factor))
  add('gauge', 'h_bucket', ['0.1', '1', '+Inf'].flatMap((le, n) => all('h', (pod, factor) => i => (n + 1) * (i + pod) * factor, `le="${le}"`)))
  add('gauge', 'secret', all('secret', (pod, factor) => i => (i + pod) * factor).filter(([labels]) => labels.includes('theirs')))
  return `${lines.join('\n')}\n# EOF\n`
}

const vocabulary: Vocabulary = {
  metrics: [...gauges, 'requests_total', 'h_bucket', 'secret', 'nothing'],
  conditions: ['job="a"', 'job!="a"', 'job=~"a|b"', 'pod=~"pod-[01]"', "pod!~'pod-1'", 'pod!=``', 'le!="1"', 'canary=~".+"', 'canary=""', 'missing=""'],
  labels: ['namespace', 'pod', 'job', 'canary', 'le'],
  time: end - 300,
}
const onNamespaces = ['namespace="theirs"', 'namespace!="ours"', 'namespace=~".+"', 'namespace=~"ours|theirs"', 'namespace!~"ours"', 'namespace!~"nobody"', 'namespace=""', "namespace='theirs',namespace=~`.*`"]

/** Everything an answer says, in an order of its own; numbers are cut where sums in another order differ. */
function sense ({ status, data, errorType }: PrometheusAnswer): string {
  if (status === 'error') return `error ${errorType}`
  const number = (value: unknown) => typeof value === 'string' && Number.isFinite(Number(value)) ? Number(value).toPrecision(9) : value
  const { resultType, result } = data as { resultType: string, result: { metric?: Record<string, string>, value?: unknown[], values?: unknown[][] }[] | unknown[] }
  if (resultType === 'scalar' || resultType === 'string') return JSON.stringify([resultType, result.map(number)])
  const series = (result as { metric: Record<string, string>, value?: unknown[], values?: unknown[][] }[]).map(({ metric, value, values }) => JSON.stringify([Object.entries(metric).sort(([a], [b]) => a < b ? -1 : 1), value?.map(number), values?.map(point => point.map(number))]))
  return JSON.stringify([resultType, series.sort()])
}

type Ask = (path: string, form: Record<string, string | number>) => Promise<PrometheusAnswer>
/** An expression asked for one moment or for a range, as its number has it. */
const question = (ask: Ask, query: string, i: number) => i % 4 === 0 ? ask('query_range', { query, start: end - 1800, end, step: 300 }) : ask('query', { query, time: end })

/** Whether Prometheus answers the same question this way and that: it breaks the ties of `topk` and `bottomk` by chance. */
async function isUnsteady (ask: () => Promise<PrometheusAnswer>): Promise<boolean> {
  const first = sense(await ask())
  for (let i = 0; i < 20; i++) if (sense(await ask()) !== first) return true
  return false
}

/** Does something with each, a few at a time. */
async function each<T> (list: readonly T[], work: (one: T, i: number) => Promise<void>): Promise<void> {
  const open = list.entries()
  await Promise.all(Array.from({ length: 8 }, async () => { for (const [i, one] of open) await work(one, i) }))
}

const isAbout = (answer: PrometheusAnswer): boolean => answer.status === 'success' && !JSON.stringify(answer.data).includes('"result":[]')

t.test('a project reads nothing but its own', async t => {
  const both = await startPrometheus(t, samples(['ours', 'theirs', '']))
  const alone = await startPrometheus(t, samples(['ours']))

  await t.test(`${count} expressions answer as if the other project were not there`, async t => {
    const { next } = expressions(randomOf(seed), { ...vocabulary, conditions: [...vocabulary.conditions, ...onNamespaces, ...onNamespaces] })
    const asked = Array.from({ length: count }, next)
    const seen = { refused: 0, answered: 0, errors: 0, unsteady: 0, differUnlimited: 0 }
    const leaks: string[] = []
    await each(asked, async (text, i) => {
      let limited: string
      try {
        limited = restrict(text, { namespace: 'ours' })
      } catch (error) {
        if (!(error instanceof PromQLError)) leaks.push(`${String(error)}: ${text}`)
        seen.refused++
        return
      }
      const [here, there, unlimited] = await Promise.all([question(both.ask, limited, i), question(alone.ask, limited, i), question(both.ask, text, i)])
      const isLeak = JSON.stringify(here).includes(canary) || (sense(here) !== sense(there) && !await isUnsteady(() => question(alone.ask, limited, i)))
      if (isLeak) leaks.push(`${text}\n=> ${limited}\n${sense(here)}\n${sense(there)}`)
      else if (sense(here) !== sense(there)) seen.unsteady++
      if (here.status === 'error') seen.errors++
      else if (isAbout(here)) seen.answered++
      if (sense(unlimited) !== sense(there)) seen.differUnlimited++
    })
    t.comment(JSON.stringify(seen))
    t.same(leaks.slice(0, 3), [], 'no trace of the other project')
    t.ok(seen.refused + seen.unsteady < count * 0.02, 'nearly all are PromQL, and answered one way')
    t.ok(seen.answered > count * 0.25, 'many have something to say')
    t.ok(seen.differUnlimited > count * 0.3, 'many would say more if nothing limited them')
  })

  await t.test(`${count} expressions that are limited already mean the same afterwards`, async t => {
    const { next } = expressions(randomOf(seed + 1), { ...vocabulary, always: 'namespace="ours"' })
    const asked = Array.from({ length: count }, next)
    const seen = { refused: 0, answered: 0, errors: 0, unsteady: 0 }
    const changed: string[] = []
    await each(asked, async (text, i) => {
      let limited: string
      try {
        limited = restrict(text, { namespace: 'ours' })
      } catch {
        seen.refused++
        return
      }
      const [before, after] = await Promise.all([question(both.ask, text, i), question(both.ask, limited, i)])
      const isSame = sense(before) === sense(after)
      if (!isSame && await isUnsteady(() => question(both.ask, text, i))) seen.unsteady++
      else if (!isSame) changed.push(`${text}\n=> ${limited}\n${sense(before)}\n${sense(after)}`)
      if (before.status === 'error') seen.errors++
      else if (isAbout(before)) seen.answered++
    })
    t.comment(JSON.stringify(seen))
    t.same(changed.slice(0, 3), [], 'the same answer')
    t.ok(seen.refused + seen.unsteady < count * 0.02, 'nearly all are PromQL, and answered one way')
    t.ok(seen.answered > count * 0.3, 'many have something to say')
  })

  /** How Prometheus writes an expression, on one line; or what it says is wrong. */
  const itsOwn = async (query: string): Promise<string> => {
    const { status, data, error = '' } = await both.ask('format_query', { query })
    return status === 'success' ? flat(String(data)) : error.replace(/^invalid parameter "query": /, '')
  }
  const flat = (text: string): string => text.trim().replace(/\s+/g, ' ').replace(/\( /g, '(').replace(/ \)/g, ')')
  const ours = (text: string): string => {
    try { return flat(canonical(text)) } catch (error) { return (error as Error).message }
  }
  const isRefusal = (text: string): boolean => /^\d+:\d+: parse error: /.test(text)
  /** Where we differ knowingly: words of the language as names, bytes that are no text, `group_left` after an empty `ignoring`, which 2.42 forgets to print, a letter that 2.42 takes for a colon. */
  const isKnown = (text: string): boolean => /__name__="\w+"|invalid UTF-8|ignoring \(\) group_|unexpected colon/.test(text)

  async function compare (texts: readonly string[]) {
    const seen = { texts: texts.length, refused: 0, sameWords: 0 }
    const differences: string[] = []
    await each(texts, async text => {
      const [own, its] = [ours(text), await itsOwn(text)]
      if (isRefusal(its)) seen.refused++
      if (own === its) seen.sameWords++
      else if (isRefusal(own) !== isRefusal(its) || !isRefusal(own)) if (!isKnown(own)) differences.push(`${quote(text)}\n  ours ${own}\n  its  ${its}`)
    })
    return { seen, differences }
  }

  await t.test('expressions, whole and broken, are taken, refused and written as Prometheus does', async t => {
    const random = randomOf(seed + 2)
    const { next } = expressions(random, { ...vocabulary, conditions: [...vocabulary.conditions, ...onNamespaces] })
    const pieces = ['(', ')', '{', '}', '[', ']', ',', '"', "'", '=', '!', '~', '#', '\\', ' ', '\n', '5m', '1', '.', '-', '@', 'by', 'on', 'offset', 'bool', 'sum', 'x', ':', 'é', '\0']
    const broken = (): string => {
      const text = next()
      const at = random.below(text.length)
      return text.slice(0, at) + (random.isOne(2) ? random.pick(pieces) : '') + text.slice(at + random.below(3))
    }
    const { seen, differences } = await compare([...Array.from({ length: count / 2 }, next), ...Array.from({ length: count / 2 }, broken)])
    t.comment(JSON.stringify(seen))
    t.same(differences.slice(0, 5), [])
    t.ok(seen.sameWords > seen.texts * 0.9, 'and nearly always in the same words')
  })

  // A folder of Prometheus' promql/promqltest/testdata, where somebody has one.
  const folder = process.env.PROMQL_TESTDATA
  if (folder) {
    await t.test("Prometheus' own test data", async t => {
      const texts = new Set(readdirSync(folder).filter(name => name.endsWith('.test')).flatMap(name => readFileSync(join(folder, name), 'utf8').split('\n'))
        .map(line => /^\s*eval\w*\s+(?:instant at \S+|range from \S+ to \S+ step \S+)\s+(.*)$/.exec(line)?.[1]).filter(text => text !== undefined))
      const { seen, differences } = await compare([...texts])
      const taken = [...texts].filter(text => !isRefusal(ours(text)))
      const limited = await Promise.all(taken.map(async text => ({ text: restrict(text, { namespace: 'ours' }), its: await itsOwn(restrict(text, { namespace: 'ours' })) })))
      t.comment(JSON.stringify({ ...seen, limited: limited.length }))
      t.same(differences, [])
      t.same(limited.filter(({ text, its }) => flat(text) !== its && !isKnown(text)), [], 'what is limited is read as it was written')
    })
  }
})
