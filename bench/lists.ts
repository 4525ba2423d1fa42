// A page of ten from a cache of many objects, against sorting and slicing everything as the baseline. Ratios of one run.
import pino from 'pino'
import { Cache } from '../core/kube/cache.js'
import { listPage, parseListQuery, Query, type KubeObject } from '../core/sdk/index.js'
import { configMaps } from '../schemas/kube/builtin.js'

const objectOf = (i: number): KubeObject => ({ metadata: { name: `object-${(i * 7919) % 1_000_003}`, namespace: `ns-${i % 50}`, uid: String(i), resourceVersion: String(i + 1), creationTimestamp: new Date(1.7e12 + i * 1000).toISOString(), labels: { tier: i % 3 ? 'front' : 'back' } } })
const query = (...pairs: [string, string][]) => parseListQuery(new Query(pairs))

function naive (objects: readonly KubeObject[], tier: string | undefined) {
  const found = tier === undefined ? [...objects] : objects.filter(({ metadata }) => metadata.labels?.tier === tier)
  return { items: found.sort((a, b) => a.metadata.name < b.metadata.name ? -1 : 1).slice(0, 10), totalItems: found.length }
}

function rate (work: () => unknown, seconds = 0.5): number {
  const end = performance.now() + seconds * 1000
  let count = 0
  while (performance.now() < end) { work(); count++ }
  return count / seconds
}

for (const size of [10_000, 100_000]) {
  const objects = Array.from({ length: size }, (_, i) => objectOf(i))
  const cache = new Cache(configMaps, pino({ level: 'silent' }))
  cache.reset(objects, '1')
  const plain = query(['sortBy', 'name'], ['ascending', 'true'], ['limit', '10'])
  const filtered = query(['sortBy', 'name'], ['ascending', 'true'], ['limit', '10'], ['label', 'tier=back'])
  const all = rate(() => naive(objects, undefined))
  const some = rate(() => naive(objects, 'back'))
  const page = rate(() => listPage(cache, plain))
  const warm = rate(() => listPage(cache, filtered))
  console.log(`a page of 10 from ${size} objects: ${Math.round(page)}/s, ${(page / all).toFixed(0)} times the baseline; with a filter, warm: ${Math.round(warm)}/s, ${(warm / some).toFixed(0)} times`)
}
