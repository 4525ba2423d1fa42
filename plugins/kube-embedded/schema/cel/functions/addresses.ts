import { isIP } from 'node:net'
import { EvaluationError } from '../cost.js'
import type { Functions } from './index.js'

const lengths = { 4: 32n, 6: 128n } as const
type Family = keyof typeof lengths

class Address {
  readonly kind = 'ip'
  readonly family: Family
  readonly bits: bigint
  constructor (family: Family, bits: bigint) {
    this.family = family
    this.bits = bits
  }

  get key () { return `${this.family}/${this.bits}` }
  toString () { return this.family === 4 ? [24n, 16n, 8n, 0n].map(by => (this.bits >> by) & 255n).join('.') : shortened(this.bits) }
  /** True where the first bits are those of the prefix. */
  begins (prefix: bigint, bits: bigint) { return this.bits >> (lengths[this.family] - bits) === prefix }
}

class Network {
  readonly kind = 'cidr'
  readonly address: Address
  readonly prefix: bigint
  constructor (address: Address, prefix: bigint) {
    this.address = address
    this.prefix = prefix
  }

  get key () { return `${this.address.key}/${this.prefix}` }
  toString () { return `${this.address.toString()}/${this.prefix}` }
  contains ({ family, bits }: Address) {
    const rest = lengths[family] - this.prefix
    return family === this.address.family && bits >> rest === this.address.bits >> rest
  }
}

const shortened = (bits: bigint) => new URL(`http://[${Array.from({ length: 8 }, (_, i) => ((bits >> BigInt(112 - 16 * i)) & 0xffffn).toString(16)).join(':')}]`).hostname.slice(1, -1)

function bitsOf6 (text: string): bigint {
  const groups = (part: string) => part === '' ? [] : part.split(':').map(group => BigInt(`0x${group}`))
  const [head = '', tail] = new URL(`http://[${text}]`).hostname.slice(1, -1).split('::')
  const [first, last] = [groups(head), groups(tail ?? '')]
  return [...first, ...Array.from({ length: 8 - first.length - last.length }, () => 0n), ...last].reduce((bits, group) => (bits << 16n) | group, 0n)
}

/** As Kubernetes: no zones, no IPv4 inside IPv6, no leading zeros. */
function parse (text: string): Address | undefined {
  const family = text.length > 45 ? 0 : isIP(text)
  if (family === 4) return new Address(4, text.split('.').reduce((bits, part) => (bits << 8n) | BigInt(part), 0n))
  return family === 6 && !text.includes('%') && !text.includes('.') ? new Address(6, bitsOf6(text)) : undefined
}

function parseNetwork (text: string): Network | undefined {
  const [, ip, prefix = ''] = /^([^/]{2,45})\/(0|[1-9]\d{0,2})$/.exec(text) ?? []
  const address = ip === undefined ? undefined : parse(ip)
  return address && BigInt(prefix) <= lengths[address.family] ? new Network(address, BigInt(prefix)) : undefined
}

function found<T> (value: T | undefined, text: string, what: string): T {
  if (value === undefined) throw new EvaluationError(`${what} ${JSON.stringify(text.slice(0, 100))} parse error during conversion from string`)
  return value
}

const ip = (text: string) => found(parse(text), text, 'IP Address')
const cidr = (text: string) => found(parseNetwork(text), text, 'network address')

const isLoopback = (at: Address) => at.family === 4 ? at.begins(127n, 8n) : at.bits === 1n
const isMulticast = (at: Address) => at.family === 4 ? at.begins(0xen, 4n) : at.begins(0xffn, 8n)
const isLinkLocalMulticast = (at: Address) => at.family === 4 ? at.begins(0xe00000n, 24n) : at.begins(0xff0n, 12n) && at.begins(0xff02n, 16n)
const isLinkLocal = (at: Address) => at.family === 4 ? at.begins(0xa9fen, 16n) : at.begins(0x3fan, 10n)
const isGlobal = (at: Address) => at.bits !== 0n && !(at.family === 4 && at.bits === 0xffffffffn) && ![isLoopback, isMulticast, isLinkLocal].some(test => test(at))
const within = (network: Network, other: Network) => network.contains(other.address) && other.prefix >= network.prefix

function masked ({ address: { family, bits }, prefix }: Network) {
  const rest = lengths[family] - prefix
  return new Network(new Address(family, (bits >> rest) << rest), prefix)
}

export const addresses: Functions = {
  'isIP(string): bool': (text: string) => parse(text) !== undefined,
  'ip(string): ip': ip,
  'ip::isCanonical(string): bool': (text: string) => ip(text).toString() === text,
  'string(ip): string': String,
  'ip.family(): int': ({ family }: Address) => BigInt(family),
  'ip.isUnspecified(): bool': ({ bits }: Address) => bits === 0n,
  'ip.isLoopback(): bool': isLoopback,
  'ip.isLinkLocalMulticast(): bool': isLinkLocalMulticast,
  'ip.isLinkLocalUnicast(): bool': isLinkLocal,
  'ip.isGlobalUnicast(): bool': isGlobal,
  'isCIDR(string): bool': (text: string) => parseNetwork(text) !== undefined,
  'cidr(string): cidr': cidr,
  'string(cidr): string': String,
  'cidr.ip(): ip': ({ address }: Network) => address,
  'cidr.masked(): cidr': masked,
  'cidr.prefixLength(): int': ({ prefix }: Network) => prefix,
  'cidr.containsIP(ip): bool': (network: Network, address: Address) => network.contains(address),
  'cidr.containsIP(string): bool': (network: Network, text: string) => network.contains(ip(text)),
  'cidr.containsCIDR(cidr): bool': within,
  'cidr.containsCIDR(string): bool': (network: Network, text: string) => within(network, cidr(text)),
}
