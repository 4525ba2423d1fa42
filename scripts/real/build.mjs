#!/usr/bin/env node
// Builds the real clients that the suite needs, once: kubectl from the Go module proxy, kept outside the work tree.
// Where it cannot (no Go toolchain, no module proxy) it says so in one sentence and the suite skips; in CI that is a failure.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const version = 'v1.34.3'
const folder = process.env.KS_REAL_DIR ?? join(homedir(), '.cache', 'ks-apiserver-real')
const kubectl = join(folder, `kubectl-${version}`)

function give (sentence) {
  console.log(sentence)
  process.exit(process.env.CI ? 1 : 0)
}

if (!existsSync(kubectl)) {
  if (spawnSync('go', ['version']).status !== 0) give('kubectl is not built: there is no Go toolchain here.')
  mkdirSync(folder, { recursive: true })
  console.log(`building kubectl ${version}: some minutes the first time`)
  const stamp = 'k8s.io/component-base/version'
  const flags = `-s -w -X ${stamp}.gitVersion=${version} -X ${stamp}.gitMajor=1 -X ${stamp}.gitMinor=34`
  const { status } = spawnSync('go', ['build', '-ldflags', flags, '-o', `${kubectl}.new`, 'k8s.io/kubernetes/cmd/kubectl'], { cwd: fileURLToPath(new URL('kubernetes', import.meta.url)), stdio: 'inherit', env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-mod=readonly' } })
  if (status !== 0) give('kubectl is not built: the Go modules could not be had or did not compile.')
  renameSync(`${kubectl}.new`, kubectl)
}
console.log(`kubectl: ${kubectl}`)
