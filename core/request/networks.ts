import { BlockList, isIP } from 'node:net'

/** Addresses and CIDRs, to ask whether an address is among them. IPv4 in IPv6 form counts as IPv4. */
export interface Networks { has (address: string): boolean }

const family = (address: string): 'ipv4' | 'ipv6' => isIP(address) === 6 ? 'ipv6' : 'ipv4'
const plainAddress = (address: string): string => address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address

/** Throws a sentence that names what is no address. */
export function createNetworks (entries: readonly string[]): Networks {
  const list = new BlockList()
  for (const entry of entries) {
    const [address = '', bits] = entry.split('/')
    const most = isIP(address) === 6 ? 128 : 32
    const wide = bits === undefined ? most : Number(bits)
    if (!isIP(address) || !Number.isInteger(wide) || wide < 0 || wide > most) throw new Error(`"${entry}" is neither an IP address nor a CIDR`)
    list.addSubnet(address, wide, family(address))
  }
  return {
    has (address) {
      const plain = plainAddress(address)
      return isIP(plain) !== 0 && list.check(plain, family(plain))
    },
  }
}

/** The network that attempts from an address are counted under: /24 of IPv4, /64 of IPv6. */
export function networkOf (address: string): string {
  const plain = plainAddress(address)
  if (isIP(plain) === 4) return plain.split('.').slice(0, 3).join('.')
  const [head = '', tail = ''] = plain.split('::')
  const groups = plain.includes('::') ? [...head.split(':').filter(Boolean), ...Array<string>(Math.max(0, 8 - head.split(':').filter(Boolean).length - tail.split(':').filter(Boolean).length)).fill('0'), ...tail.split(':').filter(Boolean)] : plain.split(':')
  return groups.slice(0, 4).map(group => group.replace(/^0+(?=.)/, '')).join(':')
}
