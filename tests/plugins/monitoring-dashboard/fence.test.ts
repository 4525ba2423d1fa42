import t from 'tap'
import { createFence, isPublic } from '../../../plugins/monitoring-dashboard/fence.js'

const publicOnes = ['1.1.1.1', '8.8.8.8', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255', '128.0.0.0', '172.15.255.255', '172.32.0.0', '192.0.1.0', '192.167.255.255', '192.169.0.0', '198.17.255.255', '198.20.0.0', '223.255.255.255', '2606:4700:4700::1111', '2a00:1450:4001::1', '2001:4860:4860::8888', '2400:cb00::1']
const insideOnes = {
  'this network': ['0.0.0.0', '0.255.255.255', '::'],
  loopback: ['127.0.0.1', '127.255.255.254', '::1', '0:0:0:0:0:0:0:1'],
  private: ['10.0.0.1', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.0.1', '192.168.255.255'],
  'carrier-grade translation': ['100.64.0.1', '100.100.100.200', '100.127.255.255'],
  'link-local and metadata': ['169.254.0.1', '169.254.169.254', 'fe80::1', 'fe80::1%eth0', 'febf::1', 'fd00:ec2::254', '192.0.0.192', '168.63.129.16'],
  'unique local': ['fc00::1', 'fdff::1'],
  'site-local': ['fec0::1'],
  multicast: ['224.0.0.1', '239.255.255.255', 'ff02::1', 'ff0e::1'],
  'reserved and broadcast': ['240.0.0.1', '255.255.255.255'],
  examples: ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1'],
  benchmarks: ['198.18.0.1', '198.19.255.255', '2001:2::1'],
  'IPv4 inside IPv6': ['::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:8.8.8.8', '::127.0.0.1', '::ffff:0:127.0.0.1', '64:ff9b::7f00:1', '64:ff9b:1::1', '2002:7f00:1::', '2001:0:7f00:1::1'],
  'no address': ['', 'localhost', '127.1', '2130706433', '0x7f.0.0.1', '[::1]'],
}

t.test('what is public', async t => {
  for (const address of publicOnes) t.equal(isPublic(address), true, address)
  for (const [what, addresses] of Object.entries(insideOnes)) for (const address of addresses) t.equal(isPublic(address), false, `${what}: ${address}`)
})

t.test('an administrator moves the fence', async t => {
  const fence = createFence({ allowedHosts: ['Grafana.example.com', 'other.example.com:8443', '10.0.0.9'], allowedNetworks: ['10.1.0.0/16', 'fd00::/64'], deniedNetworks: ['1.1.1.0/24', '10.1.2.0/24'] })
  const hosts: [string, boolean][] = [
    ['http://grafana.example.com', true], ['https://GRAFANA.example.com:9000/x', true], ['http://grafana.example.com.', false], ['http://x.grafana.example.com', false],
    ['https://other.example.com:8443/', true], ['https://other.example.com/', false], ['http://other.example.com/', false], ['http://10.0.0.9', true], ['http://167772169/', true], ['http://10.0.0.8', false],
  ]
  for (const [url, admitted] of hosts) t.equal(fence.admitsHost(new URL(url)), admitted, url)
  const addresses: [string, boolean][] = [['8.8.8.8', true], ['1.1.1.1', false], ['10.1.0.1', true], ['10.1.2.1', false], ['10.2.0.1', false], ['fd00::5', true], ['fd00:0:0:1::5', false]]
  for (const [address, admitted] of addresses) t.equal(fence.admitsAddress(address), admitted, address)
  t.equal(createFence({ allowedHosts: ['h:443', 'p:80'], allowedNetworks: [], deniedNetworks: [] }).admitsHost(new URL('https://h/')), true, 'the port that a scheme implies')
  t.throws(() => createFence({ allowedHosts: [], allowedNetworks: ['10.0.0.0/33'], deniedNetworks: [] }), /"10.0.0.0\/33" is neither an IP address nor a CIDR/)
})
