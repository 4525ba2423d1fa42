import { isIP } from 'node:net'
import { createNetworks } from '../../core/sdk/index.js'
import type { ImportConfig } from './config.js'

/** IPv4 that is not the public internet: IANA's special-purpose registry, multicast, and the one public address that clouds answer metadata on. */
const special4 = createNetworks([
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '168.63.129.16', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24',
  '192.31.196.0/24', '192.52.193.0/24', '192.88.99.0/24', '192.168.0.0/16', '192.175.48.0/24', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4',
])
/** Of IPv6 only this is public, and of it not the protocols, tunnels into IPv4 and examples below. Mapped, translated and scoped addresses are outside. */
const global6 = createNetworks(['2000::/3'])
const special6 = createNetworks(['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'])

/** Whether an address belongs to the public internet. */
export function isPublic (address: string): boolean {
  switch (isIP(address)) {
    case 4: return !special4.has(address)
    case 6: return !address.includes('.') && global6.has(address) && !special6.has(address)
    default: return false
  }
}

/** Decides where the server may connect to on somebody's word. */
export interface Fence {
  /** A host that an administrator allows whatever its addresses are. */
  admitsHost (url: URL): boolean
  admitsAddress (address: string): boolean
}

export function createFence ({ allowedHosts, allowedNetworks, deniedNetworks }: Pick<ImportConfig, 'allowedHosts' | 'allowedNetworks' | 'deniedNetworks'>): Fence {
  const hosts = new Set(allowedHosts.map(host => host.toLowerCase()))
  const [allowed, denied] = [createNetworks(allowedNetworks), createNetworks(deniedNetworks)]
  return {
    admitsHost: ({ hostname, protocol, port }) => hosts.has(hostname) || hosts.has(`${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`),
    admitsAddress: address => !denied.has(address) && (isPublic(address) || allowed.has(address)),
  }
}
