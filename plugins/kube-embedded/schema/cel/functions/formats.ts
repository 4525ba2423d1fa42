import { formats as known, maxFormatted } from '../../formats.js'
import { none, Optional } from '../values.js'
import type { Functions } from './index.js'

type Check = (text: string) => boolean

class Format {
  readonly kind = 'format'
  readonly key: string
  readonly check: Check
  constructor (key: string, check: Check) {
    this.key = key
    this.check = check
  }
}

const label = (max: number, pattern: RegExp): Check => text => text.length <= max && pattern.test(text)
const dns1123Label = label(63, /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/)
const dns1035Label = label(63, /^[a-z]([-a-z0-9]*[a-z0-9])?$/)
const dns1123Subdomain: Check = text => text.length <= 253 && text.split('.').every(part => /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(part))
const name = label(63, /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/)
const withoutDash = (check: Check): Check => text => check(text.endsWith('-') ? `${text.slice(0, -1)}a` : text)

function qualifiedName (text: string): boolean {
  const parts = text.length > 400 ? [] : text.split('/')
  return parts.length === 1 ? name(text) : parts.length === 2 && dns1123Subdomain(parts[0]!) && name(parts[1]!)
}

const short = (format: string): Check => text => text.length <= maxFormatted && known[format]!(text)
const checks: Readonly<Record<string, Check>> = {
  dns1123Label,
  dns1123Subdomain,
  dns1035Label,
  qualifiedName,
  dns1123LabelPrefix: withoutDash(dns1123Label),
  dns1123SubdomainPrefix: withoutDash(dns1123Subdomain),
  dns1035LabelPrefix: withoutDash(dns1035Label),
  labelValue: text => text === '' || name(text),
  uri: short('uri'),
  uuid: short('uuid'),
  byte: short('byte'),
  date: short('date'),
  datetime: short('date-time'),
}
const all = new Map(Object.entries(checks).map(([name, check]) => [name, new Format(name, check)]))

export const formats: Functions = {
  ...Object.fromEntries([...all].map(([name, format]) => [`format::${name}(): format`, () => format])),
  'format::named(string): optional<format>': (name: string) => all.has(name) ? new Optional(all.get(name)) : none,
  'format.validate(string): optional<list<string>>': ({ key, check }: Format, text: string) => check(text) ? none : new Optional([`must be a valid ${key}`]),
}
