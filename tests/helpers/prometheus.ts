import { spawn, spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, temporaryFolder, type Owner } from './process.js'

/** False where Debian's Prometheus is not installed: see scripts/real/prometheus.mjs. */
export const hasPrometheus = (): boolean => existsSync('/usr/bin/prometheus') && existsSync('/usr/bin/promtool')

export interface PrometheusOptions {
  /** Files of rules, which it evaluates. */
  rules?: readonly string[]
  /** More flags. */
  args?: readonly string[]
}

/** Answers of its HTTP API. */
export interface PrometheusAnswer { status: 'success' | 'error', data?: unknown, errorType?: string, error?: string }

/**
 * A real Prometheus on a loopback port that holds exactly these samples (OpenMetrics text with times, up to ten years old) and scrapes nothing; ended with the test.
 * The text has to end with `# EOF`.
 */
export async function startPrometheus (t: Owner, openmetrics: string, { rules = [], args = [] }: PrometheusOptions = {}) {
  const folder = temporaryFolder(t)
  const [data, samples, configuration] = ['data', 'samples.om', 'prometheus.yml'].map(name => join(folder, name)) as [string, string, string]
  writeFileSync(samples, openmetrics)
  writeFileSync(configuration, JSON.stringify({ rule_files: rules, scrape_configs: [] }))
  const made = spawnSync('/usr/bin/promtool', ['tsdb', 'create-blocks-from', 'openmetrics', samples, data], { encoding: 'utf8', cwd: folder })
  if (made.status !== 0) throw new Error(`promtool refused the samples: ${made.stdout}${made.stderr}`)

  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = spawn('/usr/bin/prometheus', [
    `--config.file=${configuration}`, `--storage.tsdb.path=${data}`, '--storage.tsdb.retention.time=10y', `--web.listen-address=127.0.0.1:${port}`,
    '--query.max-concurrency=20', '--log.level=warn', ...args,
  ], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  let output = ''
  child.stderr.on('data', (chunk: Buffer) => { output += String(chunk) })
  const exited = new Promise(resolve => { child.once('exit', resolve) })
  t.teardown(async () => {
    child.kill('SIGKILL')
    await exited
  })
  for (let waited = 0; ; waited += 50) {
    if (await fetch(`${url}/-/ready`).then(response => response.status === 200, () => false)) break
    if (child.exitCode !== null || waited > 60_000) throw new Error(`Prometheus did not start:\n${output}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }

  /** POST to its API. */
  const ask = async (path: string, form: Record<string, string | number>): Promise<PrometheusAnswer> => {
    const response = await fetch(`${url}/api/v1/${path}`, { method: 'POST', body: new URLSearchParams(Object.entries(form).map(([key, value]): [string, string] => [key, String(value)])) })
    return await response.json() as PrometheusAnswer
  }
  return { url, ask, output: () => output }
}
