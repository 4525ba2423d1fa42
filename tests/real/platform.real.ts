// The tests of a whole platform again, on a real Kubernetes instead of the embedded one.
import t from 'tap'
import { noCluster } from '../helpers/cluster.js'

const why = noCluster()
if (why === undefined) {
  process.env.KS_KUBERNETES = 'real'
  await import('../e2e/platform.test.js')
  await import('../e2e/bad-input.test.js')
  await import('../e2e/flows.test.js')
  await import('../e2e/reconcile.test.js')
} else if (process.env.CI) t.fail(why)
else t.pass(why, { skip: why })
