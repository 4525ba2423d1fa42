import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { embeddedApi } from '../helpers/embedded-api.js'
import { root } from '../helpers/process.js'
import { differences } from './difference.js'
import { facts } from './facts/index.js'
import { asOurs, runFact, type Outcome } from './run.js'

const only = process.env.KS_FACT

for (const [topic, rows] of Object.entries(facts)) {
  t.test(`facts of Kubernetes, embedded: ${topic}`, async t => {
    const api = await embeddedApi(t)
    const recorded = JSON.parse(readFileSync(join(root, `tests/kube/recorded/${topic}.json`), 'utf8')) as Record<string, Outcome[]>
    for (const fact of rows) {
      if (only && !`${topic}: ${fact.name}`.includes(only)) continue
      const found = await runFact(api, fact)
      const expected = recorded[fact.name]
      t.same(expected?.map(({ status }) => status), fact.steps.map(({ status }) => status), `${fact.name}: the table says what was recorded`)
      t.same(differences(asOurs(fact, expected), asOurs(fact, JSON.parse(JSON.stringify(found)) as Outcome[], true)), [], fact.name)
    }
  })
}
