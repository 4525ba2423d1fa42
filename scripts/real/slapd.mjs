#!/usr/bin/env node
// Has Debian's slapd, which tests/real/ldap.real.ts runs on a loopback port with a configuration of its own.
// Where it cannot be had, that is said in one sentence and the test skips; in CI that is a failure.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const slapd = '/usr/sbin/slapd'
const succeeds = (command, args) => spawnSync(command, args, { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }).status === 0

/** Answers what is missing, if anything. The instance that Debian starts with the package is stopped: the one of the test is enough. */
function install () {
  if (existsSync(slapd)) return undefined
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return 'slapd: not installed, that takes root on Debian.'
  console.log('installing slapd')
  const get = () => succeeds('apt-get', ['install', '-y', '--no-install-recommends', 'slapd', 'ldap-utils'])
  if (!get() && !(succeeds('apt-get', ['update']) && get())) return 'slapd: not installed, the package could not be had.'
  succeeds('service', ['slapd', 'stop'])
  return undefined
}

const missing = install()
console.log(missing ?? `slapd: ${slapd}`)
process.exit(missing && process.env.CI ? 1 : 0)
