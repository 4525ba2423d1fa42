import { BlockList, isIPv4, isIPv6 } from 'node:net'
import { invalidValue, invalidValues } from '../causes.js'
import { addressProblems } from '../names.js'
import type { Cause } from './types.js'

const version = (address: string) => isIPv4(address) ? 'ipv4' : 'ipv6'

function blocked (...blocks: [network: string, prefix: number][]): (address: string) => boolean {
  const list = new BlockList()
  for (const [network, prefix] of blocks) list.addSubnet(network, prefix, version(network))
  return address => list.check(address, version(address))
}

const isLoopback = blocked(['127.0.0.0', 8], ['::1', 128])
const isLinkLocal = blocked(['169.254.0.0', 16], ['fe80::', 10])
const isLocalMulticast = blocked(['224.0.0.0', 24], ['ff02::', 16])

/** An address at which a pod can be found. */
export function endpointCauses (field: string, address: string): Cause[] {
  if (!isIPv4(address) && !isIPv6(address)) return [invalidValue(field, address, 'must be a valid IP address')]
  return [
    ...address === '0.0.0.0' || address === '::' ? [`may not be unspecified (${address})`] : [],
    ...isLoopback(address) ? ['may not be in the loopback range (127.0.0.0/8, ::1/128)'] : [],
    ...isLinkLocal(address) ? ['may not be in the link-local range (169.254.0.0/16, fe80::/10)'] : [],
    ...isLocalMulticast(address) ? ['may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'] : [],
  ].map(text => invalidValue(field, address, text))
}

export const addressCauses = (field: string, address: string): Cause[] => invalidValues(field, address, addressProblems(address))

/** A network and how many of its bits count. */
export interface Network { readonly address: string, readonly prefix: number }

/** Reads `10.0.0.0/8`; undefined where it is none. */
export function networkOf (text: string): Network | undefined {
  const [address = '', bits = '', ...more] = text.split('/')
  const most = isIPv4(address) ? 32 : isIPv6(address) ? 128 : -1
  return more.length === 0 && /^\d+$/.test(bits) && Number(bits) <= most ? { address, prefix: Number(bits) } : undefined
}

export const networkCauses = (field: string, text: string): Cause[] => networkOf(text) ? [] : [invalidValue(field, text, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)')]

/** Whether a network holds more than another, and all of it. */
export function isWider (wide: Network, narrow: Network): boolean {
  if (version(wide.address) !== version(narrow.address) || wide.prefix >= narrow.prefix) return false
  return blocked([wide.address, wide.prefix])(narrow.address)
}

/** Whether the bits beyond the prefix are nothing. */
export function isWholeNetwork ({ address, prefix }: Network): boolean {
  const most = isIPv4(address) ? 32 : 128
  const [number, width] = [numberOf(address), BigInt(most - prefix)]
  return (number >> width) << width === number
}

function numberOf (address: string): bigint {
  if (isIPv4(address)) return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n)
  const [head = '', tail] = address.split('::')
  const words = (text: string): string[] => text === '' ? [] : text.split(':')
  const [before, after] = [words(head), words(tail ?? '')]
  const middle = tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0')
  return [...before, ...middle, ...after].reduce((sum, word) => sum * 65536n + BigInt(`0x${word}`), 0n)
}
