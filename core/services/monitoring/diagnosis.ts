import type { AskOptions, Prometheus } from '../prometheus/types.js'
import { catalogue, needsOf } from './catalogue.js'
import type { Diagnosis } from './types.js'

/** How far back series count as there (s), and how long what was found is believed (ms). */
const limits = { back: 600, known: 60_000 }

/** Finds the named metrics that a Prometheus has not the series for, from the names of its series alone. */
export function createDiagnosis (prometheus: Prometheus, now: () => number = Date.now): (options?: AskOptions) => Promise<Diagnosis[]> {
  let found: { at: number, diagnosis: Promise<Diagnosis[]> } | undefined
  let needs: { entry: Omit<Diagnosis, 'needs' | 'absent'>, lists: string[][] }[] | undefined

  async function look (options?: AskOptions): Promise<Diagnosis[]> {
    const end = Math.floor(now() / 1000)
    const names = await prometheus.get('/api/v1/label/__name__/values', new URLSearchParams({ start: String(end - limits.back), end: String(end) }), options)
    if (!Array.isArray(names)) throw new Error('the names of the series cannot be read')
    const there = new Set<unknown>(names)
    needs ??= [...catalogue.values()].flatMap(metrics => [...metrics.values()].map(metric => ({ entry: { metric_name: metric.name, level: metric.level, unit: metric.unit, meaning: metric.meaning }, lists: needsOf(metric) })))
    return needs.flatMap(({ entry, lists }) => {
      const lacking = lists.map(list => list.filter(name => !there.has(name)))
      return lacking.some(list => list.length === 0) ? [] : [{ ...entry, needs: lists[0] ?? [], absent: lacking[0] ?? [] }]
    })
  }

  return ({ caller = '' } = {}) => {
    if (found && now() - found.at < limits.known) return found.diagnosis
    // Others share it: the one who asks first may leave.
    const diagnosis = look({ caller })
    const mine = found = { at: now(), diagnosis }
    diagnosis.catch(() => { if (found === mine) found = undefined })
    return diagnosis
  }
}
