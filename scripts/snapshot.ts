// Copies the store of the embedded Kubernetes to a file, also while the server runs: `npm run snapshot -- FILE [--data-dir DIR] [--config FILE] [--force]`.
import { resolve } from 'node:path'
import { loadConfig } from '../config/load.js'
import { snapshotDirectory } from '../plugins/kube-embedded/storage/snapshot.js'

const usage = 'usage: npm run snapshot -- FILE [--data-dir DIR] [--config FILE] [--force]'

try {
  const [file, ...rest] = process.argv.slice(2)
  if (file === undefined || file.startsWith('-')) throw new Error(usage)
  const force = rest.includes('--force')
  const { config } = loadConfig({ argv: rest.filter(word => word !== '--force'), env: process.env, cwd: process.cwd() })
  const { objects, revision } = await snapshotDirectory(config.server.dataDir, resolve(file), { force })
  process.stdout.write(`${file}: ${objects} objects at revision ${revision}\n`)
  process.exit(0)
} catch (error) {
  process.stderr.write(`${(error as Error).message.split('\n')[0]}\n`)
  process.exit(1)
}
