import { pino } from 'pino'
import { createEmbeddedKubernetes } from '../../../../plugins/kube-embedded/index.js'

// An embedded Kubernetes of a data directory, until it is ended: prints its address.
const [dataDir = ''] = process.argv.slice(2)
const kube = await createEmbeddedKubernetes({ dataDir, log: pino({ level: 'silent' }) })
process.stdout.write(`${(await kube.listen()).url}\n`)
