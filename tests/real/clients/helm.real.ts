import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { temporaryFolder } from '../../helpers/process.js'
import { chartFiles } from './chart.js'
import { normalText } from './normal.js'
import { programs, run, words } from './program.js'
import { needs, startBoth, type Server } from './servers.js'

needs(programs.kubectl, programs.helm)
const { real, embedded } = await startBoth(t)
const chart = join(temporaryFolder(t), 'shop')

for (const [name, text] of Object.entries(chartFiles)) {
  mkdirSync(dirname(join(chart, name)), { recursive: true })
  writeFileSync(join(chart, name), text)
}

const session = [
  'helm install web CHART -n shop --create-namespace',
  'kubectl get deployments,services,configmaps,secrets,serviceaccounts -n shop',
  'kubectl get configmaps -n shop -o yaml',
  'kubectl get deployment web-shop -n shop -o yaml --show-managed-fields',
  'helm list -n shop -o yaml',
  'helm status web -n shop --show-resources',
  'helm get manifest web -n shop',
  'helm get hooks web -n shop',
  'helm get values web -n shop --all',
  'helm install web CHART -n shop',
  'helm upgrade web CHART -n shop --dry-run=server --set color=green',
  'helm upgrade web CHART -n shop --set color=green,replicas=2 --set extra=true',
  'kubectl get configmaps -n shop -o yaml',
  'kubectl get deployment web-shop -n shop -o jsonpath={.spec.replicas}{.spec.template.spec.containers[0].env}',
  'kubectl scale deployment web-shop -n shop --replicas=7',
  'helm upgrade web CHART -n shop --set color=blue --reuse-values --atomic --timeout=20s',
  'kubectl get deployment web-shop -n shop -o jsonpath={.spec.replicas}{.spec.template.spec.containers[0].env}',
  'helm upgrade web CHART -n shop --set name=Bad_Name',
  'helm history web -n shop -o yaml',
  'helm rollback web 1 -n shop',
  'kubectl get configmaps -n shop -o name',
  'helm rollback web 99 -n shop',
  'helm test web -n shop --timeout=5s',
  'helm upgrade --install second CHART -n shop --set crd=true --wait --timeout=20s',
  'kubectl get toys -n shop',
  'helm list --all-namespaces -o json',
  'helm uninstall second -n shop',
  'helm uninstall web -n shop --keep-history',
  'helm uninstall web -n shop --no-hooks',
  'helm uninstall web -n shop',
  'helm list -n shop --all',
  'kubectl get all,configmaps,secrets -n shop -o name',
]

/** Helm prints the kinds in no order. */
const inOrder = (text: string) => text.split('\n').filter(line => line !== '').sort()

async function outcome (server: Server, line: string) {
  const [name = '', ...args] = words(line.replace('CHART', chart))
  const flags = name === 'helm' ? ['--kubeconfig', server.kubeconfig] : ['--kubeconfig', server.kubeconfig, '--cache-dir', join(server.home, 'kubectl')]
  const { code, out, err } = await run(name === 'helm' ? programs.helm : programs.kubectl, [...args, ...flags], { env: { HOME: server.home } })
  return { code, out: line.includes('--show-resources') ? inOrder(normalText(out)) : normalText(out), err: normalText(err) }
}

t.test('helm does the same on both', async t => {
  for (const line of session) {
    const [expected, found] = await Promise.all([outcome(real, line), outcome(embedded, line)])
    t.same(found, expected, line)
  }
})

t.teardown(() => { rmSync(chart, { recursive: true, force: true }) })
