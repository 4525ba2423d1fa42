import { isRecord } from '../../../core/sdk/index.js'
import { prefixOf, type Context } from '../context.js'
import { isNamespaces } from '../admission.js'
import type { Draft } from '../kinds/types.js'
import { removeAll } from '../verbs/delete.js'
import { adjustObject } from '../writes.js'
import type { Listener } from './changes.js'
import { Queue } from './queue.js'

/** Empties namespaces that are to end and lets them go when nothing is left. */
export function namespaceController (context: Context): { listener: Listener, queue: Queue } {
  const { rows, terminating } = context
  const queue = new Queue('namespaces', name => end(context, name), context.log)
  const listener: Listener = {
    found: (row, { object: { metadata } }) => {
      if (!isNamespaces(row) || !metadata.deletionTimestamp) return
      terminating.add(metadata.name)
      queue.add(metadata.name)
    },
    changed: (row, { type, entry: { object: { metadata } } }) => {
      if (isNamespaces(row)) {
        if (type === 'remove') terminating.delete(metadata.name)
        else if (metadata.deletionTimestamp) queue.add(metadata.name)
      } else if (type === 'remove' && metadata.namespace && terminating.has(metadata.namespace)) queue.add(metadata.namespace)
    },
  }
  rows.onChange(() => { for (const name of terminating) queue.add(name) })
  return { listener, queue }
}

async function end (context: Context, name: string): Promise<void> {
  const { storage, rows } = context
  const row = rows.find('', 'v1', 'namespaces')
  if (!row || !storage.get(row.bucket, `${row.bucket}/${name}`)?.object.metadata.deletionTimestamp) return
  let left = 0
  for (const [bucket, kind] of rows.buckets()) {
    if (!kind.namespaced) continue
    const entries = [...storage.snapshot(bucket).range(prefixOf(kind, name))]
    await removeAll(context, kind, entries.filter(({ object }) => !object.metadata.deletionTimestamp || object.metadata['deletionGracePeriodSeconds']), { propagationPolicy: 'Background', gracePeriodSeconds: 0 })
    left += storage.snapshot(bucket).count(prefixOf(kind, name))
  }
  if (left === 0) await adjustObject(context, { row, namespace: '', name }, withoutFinalizer)
}

function withoutFinalizer (namespace: Draft): Draft {
  const spec = isRecord(namespace['spec']) ? namespace['spec'] : {}
  const finalizers = (Array.isArray(spec['finalizers']) ? spec['finalizers'] : []).filter(finalizer => finalizer !== 'kubernetes')
  return { ...namespace, spec: finalizers.length ? { ...spec, finalizers } : {} }
}
