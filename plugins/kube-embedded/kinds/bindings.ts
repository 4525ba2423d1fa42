import { at, listAt } from './cells.js'
import { builtin, column } from './row.js'
import type { KindRow } from './types.js'

/** Pods are bound to nodes by who has nodes. */
const bindings = builtin('v1', 'bindings', 'Binding', { bucket: '', verbs: ['create'], columns: [] })

const health = (object: unknown, key: string): unknown => at(listAt(object, 'conditions').find(({ type }) => type === 'Healthy'), key)

/** The parts of a cluster that are looked after from afar: here is none. */
const components = builtin('v1', 'componentstatuses', 'ComponentStatus', {
  namespaced: false,
  shortNames: ['cs'],
  verbs: ['get', 'list'],
  columns: [
    column('Status', 'string', object => health(object, 'status') === 'True' ? 'Healthy' : 'Unhealthy'),
    column('Message', 'string', object => health(object, 'message') ?? ''),
    column('Error', 'string', object => health(object, 'error') ?? ''),
  ],
})

export const bindingKinds: readonly KindRow[] = [bindings, components]
