import type { Json } from '../helpers/kube-api.js'

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
const moment = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g
/** Fields whose values a server makes up. */
const madeUp: Readonly<Record<string, string>> = { resourceVersion: '<revision>', continue: '<continue>', clusterIP: '<ip>', nodePort: '<port>', healthCheckNodePort: '<port>', token: '<token>', hash: '<hash>' }

function word (text: string, namespace: string): string {
  return text.replace(uuid, '<uid>').replace(moment, '<time>').replaceAll(namespace, '<ns>').replace(/\b(name-)[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, '$1<x>')
}

/** An answer without what differs from run to run. */
export function normal (value: unknown, namespace: string, key = ''): unknown {
  if (typeof value === 'string') {
    if (key === 'clusterIP' && (value === 'None' || value === '')) return value
    return madeUp[key] !== undefined && value !== '' ? madeUp[key] : word(value, namespace)
  }
  if (typeof value === 'number' && (key === 'nodePort' || key === 'healthCheckNodePort')) return madeUp[key]
  // What a cluster's controllers own is theirs: here no pods run.
  if (key === 'managedFields' && Array.isArray(value)) return value.filter(({ manager }: Json) => manager !== 'kube-controller-manager').map(item => normal(item, namespace))
  // Prose, which no client reads.
  if (key === 'columnDefinitions' && Array.isArray(value)) return value.map(({ description: _, ...column }: Json) => normal(column, namespace))
  if (Array.isArray(value)) return key === 'clusterIPs' ? value.map(ip => ip === 'None' ? ip : '<ip>') : value.map(item => normal(item, namespace))
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).map(([name, item]) => [word(name, namespace), normal(item, namespace, name)] as const)
  return Object.fromEntries(entries.filter(([name, item]) => name !== 'managedFields' || !Array.isArray(item) || item.length > 0).sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0))
}

/** The value at `a.b.0.c`; a key with dots stands in brackets: `metadata.labels[app.kubernetes.io/name]`. */
export function at (value: unknown, path: string): unknown {
  const keys = [...path.matchAll(/\[([^\]]+)\]|([^.[\]]+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
  return keys.reduce<unknown>((inner, key) => inner !== null && typeof inner === 'object' ? (inner as Json)[key] : undefined, value)
}
