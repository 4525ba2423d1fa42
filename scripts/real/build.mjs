#!/usr/bin/env node
// Has the real servers and clients that the real suite compares with, once, in a folder outside the work tree (KS_REAL_DIR, or ~/.cache/ks-apiserver-real):
// etcd, kube-apiserver, kube-controller-manager, kubectl, helm and a controller of ours, all from the Go module proxy.
// What cannot be had is said in one sentence, and the suite skips what needs it; in CI that is a failure.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const kubernetes = 'v1.34.3'
const etcd = 'v3.6.5'
const helm = 'v3.22.0'
const folder = process.env.KS_REAL_DIR ?? join(homedir(), '.cache', 'ks-apiserver-real')
const stamp = 'k8s.io/component-base/version'

const parts = [
  {
    module: 'kubernetes',
    programs: ['kube-apiserver', 'kube-controller-manager', 'kubectl'],
    packages: ['k8s.io/kubernetes/cmd/kube-apiserver', 'k8s.io/kubernetes/cmd/kube-controller-manager', 'k8s.io/kubernetes/cmd/kubectl'],
    into: `kubernetes-${kubernetes}`,
    flags: `-X ${stamp}.gitVersion=${kubernetes} -X ${stamp}.gitMajor=1 -X ${stamp}.gitMinor=34`,
  },
  { module: 'etcd', programs: ['etcd'], packages: ['.'], into: `etcd-${etcd}`, flags: '' },
  { module: 'helm', programs: ['helm'], packages: ['helm.sh/helm/v3/cmd/helm'], into: `helm-${helm}`, flags: `-X helm.sh/helm/v3/internal/version.version=${helm}` },
  { module: 'controller', programs: ['controller'], packages: ['.'], into: 'controller', flags: '' },
]

const sources = module => fileURLToPath(new URL(module, import.meta.url))
const succeeds = (command, args, options = {}) => spawnSync(command, args, { stdio: 'ignore', ...options }).status === 0

/** Whether the programs are there and no older than what they are made from. */
function fresh ({ module, programs, into }) {
  const files = programs.map(name => join(folder, into, name))
  if (!files.every(existsSync)) return false
  const built = Math.min(...files.map(file => statSync(file).mtimeMs))
  return module !== 'controller' || readdirSync(sources(module)).every(name => statSync(join(sources(module), name)).mtimeMs <= built)
}

/** Builds in a folder beside, so that what is half done is never taken for done. Answers what is missing, if anything. */
function build (part) {
  if (fresh(part)) return undefined
  const { module, programs, packages, into, flags } = part
  const names = programs.join(', ')
  if (!succeeds('go', ['version'])) return `${names}: not built, there is no Go toolchain here.`
  console.log(`building ${names}: some minutes the first time`)
  const beside = join(folder, `${into}.new-${process.pid}`)
  mkdirSync(beside, { recursive: true })
  const built = succeeds('go', ['build', '-ldflags', `-s -w ${flags}`, '-o', programs.length === 1 ? join(beside, programs[0]) : `${beside}/`, ...packages], { cwd: sources(module), stdio: 'inherit', env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-mod=readonly' } })
  if (built) {
    mkdirSync(join(folder, into), { recursive: true })
    for (const name of programs) renameSync(join(beside, name), join(folder, into, name))
  }
  rmSync(beside, { recursive: true, force: true })
  return built ? undefined : `${names}: not built, the Go modules could not be had or did not compile.`
}

const missing = parts.map(build).filter(sentence => sentence !== undefined)
for (const sentence of missing) console.log(sentence)
console.log(missing.length ? `What is there: ${folder}` : `real servers and clients: ${folder}`)
process.exit(missing.length && process.env.CI ? 1 : 0)
