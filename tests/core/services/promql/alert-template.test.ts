import t from 'tap'
import { parseAlertTemplate, quote } from '../../../../core/services/promql/index.js'
import { badTemplates, goodTemplates } from '../../../helpers/alert-templates.js'

t.test('templates that Prometheus takes', async t => {
  for (const text of goodTemplates) t.doesNotThrow(() => { parseAlertTemplate(text) }, quote(text))
})

t.test('and those it does not', async t => {
  for (const [text, reason] of badTemplates) t.throws(() => { parseAlertTemplate(text) }, { message: `template: ${reason}` }, quote(text))
})

t.test('which functions are called, however it is written', async t => {
  const rows: [text: string, called: string[]][] = [
    ['{{ $value }} query {{ "query" }}{{/* query */}}{{ .query }}{{ $labels.query }}', []],
    ['{{ query "up" | first | value | humanize }}', ['query', 'first', 'value', 'humanize']],
    ['{{ with printf "%s" (print (query "up")) }}{{ end }}', ['printf', 'print', 'query']],
    ['{{ if .X }}{{ else if query `up` }}{{ end }}', ['query']],
    ['{{define "a"}}{{ range\nquery "up" }}{{ end }}{{ end }}', ['query']],
    ['{{ template "a" query "up" }}', ['query']],
    ['{{ $x := query "up" }}', ['query']],
  ]
  for (const [text, called] of rows) t.same([...parseAlertTemplate(text).functions], called, quote(text))
})

t.test('nothing here takes long or breaks', async t => {
  const hostile = ['{{ ' + '('.repeat(60_000), '{{ if 1 }}'.repeat(6000), '{{ "'.repeat(15_000), '{{/*'.repeat(15_000), '{{ print ' + '"a" '.repeat(15_000), '{{'.repeat(30_000), `{{ "${'\\'.repeat(60_000)}`, 'a'.repeat(70_000), `{{ ${'print | '.repeat(8000)} 1 }}`, '{{ $x := 1 }}'.repeat(5000) + '{{', '{{ . '.repeat(10_000)]
  for (const text of hostile) t.throws(() => { parseAlertTemplate(text) }, { message: /^template/ }, quote(text.slice(0, 12)))
})
