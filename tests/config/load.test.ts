import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { commentedConfig } from '../../config/document.js'
import { ConfigurationError, loadConfig, schemaOf } from '../../config/load.js'
import { configOf } from '../../core/sdk/collect.js'
import { groups } from '../../plugins/index.js'
import { temporaryFolder } from '../helpers/process.js'

const secret = 'a-secret-for-tests-of-32-letters'

t.test('the commented file is the schema\'s', async t => {
  t.equal(readFileSync('config/kubesphere.yaml', 'utf8'), commentedConfig(schemaOf(configOf(groups))), 'node --import tsx scripts/config-docs.ts writes it')
})

t.test('what a file, a variable and a flag say', async t => {
  const cwd = temporaryFolder(t)
  const load = (text: string | undefined, argv: string[] = [], env: Record<string, string> = {}) => {
    if (text !== undefined) writeFileSync(join(cwd, 'kubesphere.yaml'), text)
    return loadConfig({ argv, env, cwd, folders: [cwd] }).config
  }
  t.match(load(undefined), { authentication: { multipleLogin: true, oauthOptions: { clients: [{ name: 'kubesphere' }] } } }, 'no file: a laptop')
  t.match(load(`authentication:\n  jwtSecret: ${secret}\n`), { authentication: { multipleLogin: false, authenticateRateLimiterDuration: 1_800_000, oauthOptions: { clients: [] } } }, 'a file: the defaults of 3.x')
  t.match(load(`AUTHENTICATION:\n  JWTSecret: ${secret}\n  authenticateRateLimiterDuration: 10m0s\n  MultipleLogin: True\n`), { authentication: { multipleLogin: true, authenticateRateLimiterDuration: 600_000 } }, 'keys without regard to case, durations as Go')
  t.match(load(`authentication:\n  jwtSecret: ${secret}\n  authenticateRateLimiterMaxTries: "7"\n`), { authentication: { authenticateRateLimiterMaxTries: 7 } }, 'texts that are numbers')
  t.match(load(`authentication:\n  jwtSecret: ${secret}\nmonitoring:\n  endpoint: http://a\n`, [], { KUBESPHERE_MONITORING_ENDPOINT: 'http://b' }), { monitoring: { endpoint: 'http://b' } }, 'a variable over the file')
  t.match(load(`authentication:\n  jwtSecret: ${secret}\nmonitoring:\n  endpoint: http://a\n`, ['--prometheus-endpoint', 'http://c'], { KUBESPHERE_MONITORING_ENDPOINT: 'http://b' }), { monitoring: { endpoint: 'http://c' } }, 'a flag over both')
  t.match(load(`authentication: {jwtSecret: ${secret}}\nunknown: {a: 1}\n`), { authentication: { jwtSecret: secret } }, 'unknown sections are left alone')
  for (const [what, text, message] of [
    ['a list where a text is due', `authentication:\n  jwtSecret: ${secret}\nmonitoring:\n  endpoint: [1]\n`, /kubesphere\.yaml:4: .*monitoring\.endpoint/i],
    ['a duration that is none', `authentication:\n  jwtSecret: ${secret}\n  loginHistoryRetentionPeriod: soon\n`, /kubesphere\.yaml:3: .*loginHistoryRetentionPeriod/],
    ['more tries than entries', `authentication:\n  jwtSecret: ${secret}\n  authenticateRateLimiterMaxTries: 200\n`, /is more than loginHistoryMaximumEntries/],
  ] as const) {
    try { load(text); t.fail(what) } catch (error) {
      t.ok(error instanceof ConfigurationError, what)
      t.match((error as Error).message, message, what)
    }
  }
})
