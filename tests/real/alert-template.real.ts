import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parseAlertTemplate } from '../../core/services/promql/index.js'
import { badTemplates, goodTemplates } from '../helpers/alert-templates.js'
import { seed } from '../helpers/fast-check.js'
import { temporaryFolder } from '../helpers/process.js'
import { hasPrometheus } from '../helpers/prometheus.js'
import { randomOf } from '../helpers/promql.js'

if (!hasPrometheus() && !process.env.CI) {
  t.plan(0, 'Prometheus is not installed here: run scripts/real/prometheus.mjs as root on Debian.')
  process.exit(0)
}

const { below, pick } = randomOf(seed)

const pieces = ['-', '$value', '$labels', '$x', '.', '.A', ':=', '=', '|', '(', ')', '"a"', '`b`', "'c'", '1', '1.5', 'print', 'query', 'if', 'else', 'end', 'range', 'with', 'define', 'template', 'block', 'break', 'nil', 'true', ',', '/*', '*/', 'x', '\n', 'humanize', '{{', '}}', ' ']
const actions = ['{{ if .X }}', '{{ else }}', '{{ end }}', '{{ end }}', '{{ range $x := .X }}', '{{ $x }}', '{{ $y := 1 }}', '{{ $y }}', '{{ with $y := 1 }}', '{{ else if $y }}', '{{ define "a" }}', '{{ break }}', '{{ block "b" . }}', '{{ template "a" }}', 'text', '{{ continue }}', '{{ $y = 2 }}']
const some = (most: number, of: readonly string[], between: string): string => Array.from({ length: below(most) }, () => pick(of)).join(between)
const texts = [...goodTemplates, ...badTemplates.map(([text]) => text), ...Array.from({ length: 2000 }, (_, i) => i % 2 ? `{{ ${some(7, pieces, pick(['', ' ', ' ']))} }}` : some(8, actions, ''))]

t.test('templates of alerts are taken and refused as by promtool', async t => {
  const file = join(temporaryFolder(t), 'rules.json')
  writeFileSync(file, JSON.stringify({ groups: [{ name: 'g', rules: texts.map((a, i) => ({ alert: `A${i}`, expr: 'up', annotations: { a } })) }] }))
  const { stdout, stderr } = spawnSync('/usr/bin/promtool', ['check', 'rules', file], { encoding: 'utf8', maxBuffer: 1 << 28 })
  const refused = new Map([...`${stdout}${stderr}`.matchAll(/"A(\d+)": annotation "a": (.*)/g)].map(([, i, reason]) => [Number(i), reason]))
  const differences = texts.flatMap((text, i) => {
    let ours: string | undefined
    try { parseAlertTemplate(text) } catch (error) { ours = (error as Error).message }
    return (ours === undefined) === !refused.has(i) ? [] : [{ text, ours, its: refused.get(i) }]
  })
  t.same(differences, [])
  t.ok(refused.size > texts.length * 0.3 && refused.size < texts.length * 0.95, `${refused.size} of ${texts.length} are refused`)
})
