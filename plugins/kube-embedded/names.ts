import { isIP } from 'node:net'

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const word = '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?'
const part = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'
const patterns = {
  label: new RegExp(`^${label}$`),
  label1035: /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
  subdomain: new RegExp(`^${label}(\\.${label})*$`),
  value: new RegExp(`^${word}$`),
  part: new RegExp(`^${part}$`),
}

const subdomainText = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${label}(\\.${label})*')`
const labelText = `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${label}')`
const label1035Text = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"
const valueText = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '${word}')`
const partText = `must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${part}')`

const tooLong = (max: number): string => `must be no more than ${max} characters`

const limited = (value: string, max: number, pattern: RegExp, text: string): string[] =>
  [...(value.length > max ? [tooLong(max)] : []), ...(pattern.test(value.slice(0, max)) ? [] : [text])]

/** What is wrong with a name, in the words of Kubernetes; one rule for each form of names. */
export const subdomainProblems = (value: string): string[] => limited(value, 253, patterns.subdomain, subdomainText)
export const labelProblems = (value: string): string[] => limited(value, 63, patterns.label, labelText)
export const label1035Problems = (value: string): string[] => limited(value, 63, patterns.label1035, label1035Text)
export const labelValueProblems = (value: string): string[] => limited(value, 63, patterns.value, valueText)

/** Labels that stand in a longer name say so of dots alone. */
export const plainLabelProblems = (value: string): string[] => value.includes('.') ? ['must not contain dots'] : labelProblems(value)

export const pathSegmentProblems = (name: string): string[] => name === '.' || name === '..'
  ? [`may not be '${name}'`]
  : ['/', '%'].filter(c => name.includes(c)).map(c => `may not contain '${c}'`)

/** `example.com/name`: the keys of labels and annotations, and finalizers. */
export function qualifiedNameProblems (key: string): string[] {
  const slash = key.indexOf('/')
  const [prefix, name] = slash < 0 ? [undefined, key] : [key.slice(0, slash), key.slice(slash + 1)]
  if (name.includes('/')) return [`a qualified name ${partText} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`]
  const ofPrefix = prefix === undefined ? [] : prefix === '' ? ['prefix part must be non-empty'] : subdomainProblems(prefix).map(text => `prefix part ${text}`)
  return [...ofPrefix, ...(name === '' ? ['name part must be non-empty'] : []), ...limited(name, 63, patterns.part, partText).map(text => `name part ${text}`)]
}

/** Names of the ports of containers, as Services and probes know them. */
export function portNameProblems (name: string): string[] {
  return [
    ...(name.length > 15 ? [tooLong(15)] : []),
    ...(/^[-a-z0-9]+$/.test(name) ? [] : ['must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)']),
    ...(/[a-z]/.test(name) ? [] : ['must contain at least one letter (a-z)']),
    ...(name.includes('--') ? ['must not contain consecutive hyphens'] : []),
    ...(name.startsWith('-') || name.endsWith('-') ? ['must not begin or end with a hyphen'] : []),
  ]
}

/** Environment variables take whatever can be printed. */
export const variableProblems = (name: string): string[] =>
  /^[ -<>-~]+$/.test(name) ? [] : ["a valid environment variable name must consist only of printable ASCII characters other than '='"]

export const addressProblems = (text: string): string[] => isIP(text) && !text.includes('%') ? [] : ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)']

export const portProblems = (port: unknown): string[] =>
  typeof port === 'number' && port >= 1 && port <= 65535 ? [] : ['must be between 1 and 65535, inclusive']

/** A path below a folder that it may not leave. */
export function lowerPathProblems (path: string): string[] {
  return [...(path.startsWith('/') ? ['must be a relative path'] : []), ...(path.split('/').includes('..') ? ["must not contain '..'"] : [])]
}
