import type { KubeObject } from '../../../core/sdk/index.js'
import type { Context } from '../context.js'
import { cleanupFinalizer, isDefinition, isEstablished } from '../definitions.js'
import type { Draft, KindRow } from '../kinds/types.js'
import { kindRowsOf } from '../schema/index.js'
import { removeAll } from '../verbs/delete.js'
import { adjustObject } from '../writes.js'
import type { Listener } from './changes.js'
import { Queue } from './queue.js'

/** Serves the kinds of CustomResourceDefinitions as soon as they are written, and removes their objects when they are deleted. */
export function definitionController (context: Context): { listener: Listener, queue: Queue } {
  const { rows, watches, log } = context
  const queue = new Queue('definitions', name => end(context, name), log)
  const serve = (crd: KubeObject) => {
    const { name, deletionTimestamp } = crd.metadata
    if (isEstablished(crd)) rows.define(name, served(context, crd))
    if (deletionTimestamp) queue.add(name)
  }
  const withdraw = (name: string) => {
    const buckets = new Set(rows.ofDefinition(name).map(({ bucket }) => bucket))
    rows.undefine(name)
    for (const watch of [...watches]) if (buckets.has(watch.bucket)) watch.close()
  }
  const listener: Listener = {
    found: (row, { object }) => { if (isDefinition(row) && object.metadata.deletionTimestamp) queue.add(object.metadata.name) },
    changed: (row, { type, entry: { object } }) => {
      if (isDefinition(row)) {
        if (type === 'put') serve(object)
        else withdraw(object.metadata.name)
      } else if (row.crd && type === 'remove' && isEnding(context, row.crd)) queue.add(row.crd)
    },
  }
  return { listener, queue }
}

/** The rows of one definition; a definition that cannot be served is logged and serves nothing. */
export function served ({ log }: Pick<Context, 'log'>, crd: KubeObject): KindRow[] {
  try {
    return kindRowsOf(crd)
  } catch (error) {
    log.error({ err: error, crd: crd.metadata.name }, 'a CustomResourceDefinition cannot be served')
    return []
  }
}

const definitions = ({ rows }: Context) => rows.find('apiextensions.k8s.io', 'v1', 'customresourcedefinitions')

function isEnding (context: Context, name: string): boolean {
  const row = definitions(context)
  return row !== undefined && context.storage.get(row.bucket, `${row.bucket}/${name}`)?.object.metadata.deletionTimestamp !== undefined
}

async function end (context: Context, name: string): Promise<void> {
  const row = definitions(context)
  if (!row || !isEnding(context, name)) return
  const [kind] = context.rows.ofDefinition(name)
  if (kind) {
    const { storage } = context
    const entries = [...storage.snapshot(kind.bucket).range(`${kind.bucket}/`)]
    await removeAll(context, kind, entries.filter(({ object }) => !object.metadata.deletionTimestamp), { propagationPolicy: 'Background' })
    if (storage.snapshot(kind.bucket).size > 0) return
  }
  await adjustObject(context, { row, namespace: '', name }, withoutCleanup)
}

function withoutCleanup (draft: Draft): Draft {
  const left = (draft.metadata.finalizers ?? []).filter(finalizer => finalizer !== cleanupFinalizer)
  if (left.length) draft.metadata.finalizers = left
  else delete draft.metadata.finalizers
  return draft
}
