#!/usr/bin/env node
// Has Debian's Prometheus, which tests/real/promql.real.ts and others run on loopback ports with samples of their own.
// Where it cannot be had, that is said in one sentence and the tests skip; in CI that is a failure.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const programs = ['/usr/bin/prometheus', '/usr/bin/promtool']
const succeeds = (command, args) => spawnSync(command, args, { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }).status === 0

/** Answers what is missing, if anything. The instances that Debian starts with the package are stopped: those of the tests are enough. */
function install () {
  if (programs.every(existsSync)) return undefined
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return 'prometheus: not installed, that takes root on Debian.'
  console.log('installing prometheus')
  const get = () => succeeds('apt-get', ['install', '-y', '--no-install-recommends', 'prometheus'])
  if (!get() && !(succeeds('apt-get', ['update']) && get())) return 'prometheus: not installed, the package could not be had.'
  for (const service of ['prometheus', 'prometheus-node-exporter']) succeeds('service', [service, 'stop'])
  return undefined
}

const missing = install()
console.log(missing ?? `prometheus: ${programs[0]}`)
process.exit(missing && process.env.CI ? 1 : 0)
