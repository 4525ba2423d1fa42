import { EvaluationError } from '../cost.js'
import type { Functions } from './index.js'

interface Parts { scheme: string, host: string, path: string, query: string }

class Url {
  readonly kind = 'url'
  readonly key: string
  readonly parts: Parts
  constructor (key: string, parts: Parts) {
    this.key = key
    this.parts = parts
  }
}

const host = /^([\w.~!$&'()*+,;=%-]*|\[[0-9A-Fa-f:.]+\])(:\d*)?$/
const badEscape = /%(?![0-9A-Fa-f]{2})/

/** As Go's ParseRequestURI: an absolute URI or an absolute path, without a fragment. */
function parse (text: string): Url | undefined {
  if (/[\s\u0000-\u001f\u007f]/.test(text) || text === '') return undefined // eslint-disable-line no-control-regex
  const [, scheme = '', authority, path = '', query = ''] = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/([^/?]*))?([^?]*)(?:\?(.*))?$/.exec(text) ?? []
  if (scheme === '' && !text.startsWith('/')) return undefined
  const at = authority?.slice(authority.lastIndexOf('@') + 1) ?? ''
  if (!host.test(at) || badEscape.test(path) || (authority === undefined && scheme !== '' && !path.startsWith('/') && path === '')) return undefined
  return new Url(text, { scheme: scheme.toLowerCase(), host: at, path, query })
}

function url (text: string): Url {
  const found = parse(text)
  if (!found) throw new EvaluationError(`URL parse error during conversion from string: parse ${JSON.stringify(text.slice(0, 200))}: invalid URI for request`)
  return found
}

const portOf = ({ parts }: Url) => /:(\d*)$/.exec(parts.host)?.[1] ?? ''
const hostnameOf = ({ parts }: Url) => parts.host.replace(/:\d*$/, '').replaceAll(/^\[|\]$/g, '')
const escaped = (path: string) => path.replaceAll(/[^\w.~!$&'()*+,;=:@/%-]/gu, part => encodeURIComponent(part))

function queryOf ({ parts }: Url) {
  const found = new Map<string, string[]>()
  for (const [key, value] of new URLSearchParams(parts.query)) {
    const values = found.get(key) ?? []
    values.push(value)
    found.set(key, values)
  }
  return found
}

export const urls: Functions = {
  'isURL(string): bool': (text: string) => parse(text) !== undefined,
  'url(string): url': url,
  'url.getScheme(): string': ({ parts }: Url) => parts.scheme,
  'url.getHost(): string': ({ parts }: Url) => parts.host,
  'url.getHostname(): string': hostnameOf,
  'url.getPort(): string': portOf,
  'url.getEscapedPath(): string': ({ parts }: Url) => escaped(parts.path),
  'url.getQuery(): map<string, list<string>>': queryOf,
}
