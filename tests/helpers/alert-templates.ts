/** Templates that Prometheus takes. */
export const goodTemplates: readonly string[] = [
  '', 'plain', '}}', '{ { }', '{{ $value }}', '{{$labels.instance}} is {{ .Value | humanize }}', '{{- $value -}}', '{{ $value\n }}', '{{ $externalLabels.x }}{{ $externalURL }}{{ $.Labels }}{{ . }}{{ .é }}',
  '{{/* a comment */}}', '{{- /* a comment */ -}}', '{{ $x := 1 }}{{ $x }}', '{{ $value = 1 }}', '{{ print "a" }}{{ print `a\nb` }}{{ "\\"\\u00e9" }}', "{{ 'a' }}{{ '\\n' }}", '{{ 1 }}{{ -1.5e3 }}{{ 0x1F }}{{ 0b11 }}{{ .5 }}{{ 1_000 }}', '{{ true }}{{ print nil }}',
  '{{ if .Value }}a{{ else }}b{{ end }}', '{{ if .X }}a{{ else if .Y }}b{{ else if .Z }}c{{ else }}d{{ end }}{{ $value }}', '{{ with $x := 1 }}{{ $x }}{{ end }}', '{{ if $x := 1 }}a{{ else }}{{ $x }}{{ end }}',
  '{{ range query "up" }}{{ .Labels.x }}{{ end }}', '{{ range $i, $v := query "up" }}{{ $i }}{{ end }}', '{{ range .X }}{{ break }}{{ else }}none{{ end }}', '{{ range .X }}{{ if .Y }}{{ continue }}{{ end }}{{ end }}', '{{ define "a" }} {{/* none */}}{{ end }}{{ define "a" }}x{{ end }}{{ block "a" . }}\n{{ end }}', '{{ range .X }}{{ range .Y }}{{ else }}{{ continue }}{{ end }}{{ end }}',
  '{{ define "a" }}x{{ end }}{{ template "a" }}', '{{ template "a" . }}', '{{ block "a" . }}x{{ end }}', '{{ with query "up" }}{{ . | first | value }}{{ end }}', '{{ $value | humanizePercentage | title }}',
  '{{ printf "%.2f" $value }}', '{{ printf "%s" (index $labels `a`) }}', '{{ (print 1).X }}', '{{ not (eq 1 2) }}', '{{ len (query "up" | first) }}', '{{ safeHtml "a" }}{{ toTime 1 }}{{ parseDuration "1h" }}{{ stripDomain "a" }}{{ reReplaceAll "a" "b" "c" }}',
]

/** Templates that Prometheus refuses, and what we say of them. */
export const badTemplates: readonly (readonly [text: string, reason: string])[] = [
  ['{{', '1: unclosed action'], ['a\n{{ $value', '2: unclosed action'], ['{{ }}', '1: missing value for command'], ['{{ $x }}', '1: undefined variable "$x"'], ['{{ foo }}', '1: function "foo" not defined'], ['{{ tmpl "a" }}', '1: function "tmpl" not defined'],
  ['{{ if }}x{{ end }}', '1: missing value for if'], ['{{ if .X }}', '1: unexpected EOF'], ['{{ end }}', '1: unexpected {{end}}'], ['{{ else }}', '1: unexpected {{else}}'], ['{{ if .X }}{{ else }}{{ else }}{{ end }}', '1: unexpected {{else}}'],
  ['{{ with .X }}{{ else if .X }}{{ end }}', '1: unexpected <if> in else'], ['{{ with $x := 1 }}{{ end }}{{ $x }}', '1: undefined variable "$x"'], ['{{ range $i, $v := .X }}{{ end }}{{ $i }}', '1: undefined variable "$i"'], ['{{ define "a" }}{{ $value }}{{ end }}', '1: undefined variable "$value"'],
  ['{{ .1x }}', '1: bad number syntax'], ['{{ define "a" }}x{{ end }}{{ block `a` . }}{{ . }}{{ end }}', '1: template: multiple definition of template "a"'],
  ['{{ break }}', '1: {{break}} outside {{range}}'], ['{{ range .X }}{{ else }}{{ continue }}{{ end }}', '1: {{continue}} outside {{range}}'], ['{{ range .X }}{{ block "b" . }}{{ break }}{{ end }}{{ end }}', '1: {{break}} outside {{range}}'], ['{{ if 1 }}{{ define "a" }}{{ end }}{{ end }}', '1: unexpected {{define}}'], ['{{ template a }}', '1: unexpected <a> in template clause'], ['{{ end 1 }}', '1: unexpected <1> in end'],
  ['{{/* c }}', '1: unclosed comment'], ['{{/* c */ }}', '1: comment ends before closing delimiter'], ['{{ "a }}', '1: unterminated quoted string'], ['{{ "\\q" }}', '1: unterminated quoted string'], ['{{ `a }}', '1: unterminated raw quoted string'], ["{{ 'ab' }}", '1: unterminated character constant'],
  ['{{ 1x }}', '1: bad number syntax'], ['{{-$value}}', '1: bad number syntax'], ['{{ 1 | print | 2 }}', '1: non executable command in pipeline stage 3'], ['{{ | print }}', '1: missing value for command'], ['{{ (print 1 }}', '1: unclosed left paren'], ['{{ print 1) }}', '1: unexpected right paren'],
  ['{{ 1.A }}', '1: unexpected . after term "1"'], ['{{ true.B }}', '1: unexpected . after term "true"'], ['{{ print"a" }}', '1: bad character U+0022'], ['{{ $labels["a"] }}', '1: bad character U+005B'], ['{{ $labels.a-b }}', '1: bad character U+002D'], ['{{ print "a""b" }}', '1: unexpected <"b"> in operand'],
  ['{{ %d }}', '1: unexpected U+0025 in action'], ['{{ $x, $y := 1 }}', '1: undefined variable "$x"'], ['{{ {{ 1 }} }}', '1: unexpected U+007B in action'], ['{{ print if }}', '1: unexpected <if> in command'], ['{{ () }}', '1: missing value for parenthesized pipeline'],
]
