import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { startCluster } from '../helpers/cluster.js'
import { apiOver } from '../helpers/kube-api.js'
import { root } from '../helpers/process.js'
import { differences } from '../kube/difference.js'
import { facts } from '../kube/facts/index.js'
import { runFact, type Outcome } from '../kube/run.js'
import { needs } from './clients/servers.js'

needs()
const { transport } = await startCluster(t)
const api = apiOver(transport)

for (const [topic, rows] of Object.entries(facts)) {
  t.test(`facts of Kubernetes, as recorded: ${topic}`, async t => {
    const recorded = JSON.parse(readFileSync(join(root, `tests/kube/recorded/${topic}.json`), 'utf8')) as Record<string, Outcome[]>
    t.same(Object.keys(recorded).sort(), rows.map(({ name }) => name).sort(), 'every fact is recorded, and nothing else')
    for (const fact of rows) {
      const found = await runFact(api, fact)
      t.same(differences(recorded[fact.name], JSON.parse(JSON.stringify(found))), [], fact.name)
    }
  })
}
