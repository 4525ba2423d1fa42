import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { createEmbeddedKubernetes, type EmbeddedKubernetes, type EmbeddedOptions } from '../../plugins/kube-embedded/index.js'
import { apiOver } from './kube-api.js'
import { memoryStorage } from './memory-storage.js'

export type { CallOptions, Json, KubeApi, Reply, WatchEvent } from './kube-api.js'

interface Runner { teardown (work: () => unknown): void }

/** An embedded Kubernetes over a store in memory, and short ways to talk to it. */
export async function embeddedApi (t: Runner, options: Partial<EmbeddedOptions> & { history?: number } = {}) {
  const dataDir = options.dataDir ?? await mkdtemp(join(tmpdir(), 'kube-'))
  const { history, ...rest } = options
  const kube: EmbeddedKubernetes = await createEmbeddedKubernetes({ storage: memoryStorage(history === undefined ? {} : { history }), log: pino({ level: 'silent' }), ...rest, dataDir })
  // The API's own timers keep no process alive; a test that waits for one does.
  const alive = setInterval(() => {}, 1000)
  t.teardown(async () => {
    clearInterval(alive)
    await kube.close()
    await rm(dataDir, { recursive: true, force: true })
  })
  return { kube, dataDir, ...apiOver(kube.transport) }
}
