// Asks a real kube-apiserver every fact of tests/kube/facts and writes what it answered to tests/kube/recorded/. Run it where a fact is added or changed.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { facts } from '../../tests/kube/facts/index.js'
import { runFact } from '../../tests/kube/run.js'
import { startCluster } from '../../tests/helpers/cluster.js'
import { apiOver } from '../../tests/helpers/kube-api.js'
import { root } from '../../tests/helpers/process.js'

const ends: (() => unknown)[] = []
const only = process.argv[2]
try {
  const { transport } = await startCluster({ teardown: end => { ends.unshift(end) } })
  const api = apiOver(transport)
  const folder = join(root, 'tests/kube/recorded')
  mkdirSync(folder, { recursive: true })
  for (const [topic, rows] of Object.entries(facts)) {
    if (only && only !== topic) continue
    const outcomes: Record<string, unknown> = {}
    for (const fact of rows) {
      try {
        outcomes[fact.name] = await runFact(api, fact)
      } catch (error) {
        throw new Error(`${topic}: ${fact.name}: ${String(error)}`)
      }
      for (const [i, { status }] of (outcomes[fact.name] as { status: number }[]).entries()) {
        if (status !== fact.steps[i]?.status) console.log(`${topic}: ${fact.name}: step ${i + 1} (${fact.steps[i]?.ask ?? ''}) is ${status}, expected ${fact.steps[i]?.status ?? 0}: ${JSON.stringify((outcomes[fact.name] as { answer?: unknown }[])[i]?.answer)?.slice(0, 400)}`)
      }
    }
    writeFileSync(join(folder, `${topic}.json`), `${JSON.stringify(outcomes, null, 1)}\n`)
    console.log(`${topic}: ${rows.length} facts`)
  }
} finally {
  for (const end of ends) await end()
}
