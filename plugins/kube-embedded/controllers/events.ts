import type { KubeObject } from '../../../core/sdk/index.js'
import type { Context } from '../context.js'
import { removeObject } from '../writes.js'
import type { KindRow } from '../kinds/types.js'
import type { Listener } from './changes.js'
import { Queue } from './queue.js'

/** How long an Event is kept after it was last written (ms): what kube-apiserver does by default. */
const life = 3_600_000

const isEvents = ({ group, resource }: KindRow): boolean => resource === 'events' && (group === '' || group === 'events.k8s.io')

interface Stamped { managedFields?: { time?: string }[], creationTimestamp?: string }

/** When an object was last written, by times that this server gave. */
function writtenAt ({ metadata }: KubeObject): number {
  const { managedFields = [], creationTimestamp = '' } = metadata as Stamped
  return Math.max(...[creationTimestamp, ...managedFields.map(({ time = '' }) => time)].map(time => Date.parse(time) || 0))
}

/** Keeps Events from piling up. */
export function eventController (context: Context): { listener: Listener, queue: Queue, stop: () => void } {
  const { rows, storage, now, timings } = context
  const written = new Map<string, number>()
  const isOld = (key: string): boolean => (written.get(key) ?? Infinity) + life <= now()

  const queue = new Queue('events', async key => {
    const row = rows.find('', 'v1', 'events')
    const entry = row && storage.get(row.bucket, key)
    if (!entry || !isOld(key)) return
    const { name, namespace = '', resourceVersion = '' } = entry.object.metadata
    // One that is written meanwhile lives on.
    await removeObject(context, { row, namespace, name }, { preconditions: { resourceVersion } }).catch((error: { code?: number }) => {
      if (error.code !== 404 && error.code !== 409) throw error
    })
  }, context.log)

  const timer = setInterval(() => { for (const key of written.keys()) if (isOld(key)) queue.add(key) }, timings.expiryInterval).unref()
  const listener: Listener = {
    found: (row, { key, object }) => { if (isEvents(row)) written.set(key, writtenAt(object)) },
    changed: (row, { type, entry: { key } }) => {
      if (!isEvents(row)) return
      if (type === 'put') written.set(key, now())
      else written.delete(key)
    },
  }
  return { listener, queue, stop: () => { clearInterval(timer) } }
}
