import { openStorage } from '../../plugins/kube-embedded/storage/index.js'

// Writes objects until it is ended, sixteen at a time, and tells of each write once it is acknowledged: `name revision` a line.
const [dir = '', run = '', count = '10000'] = process.argv.slice(2)
const storage = await openStorage({ dir })
const bucket = 'core/configmaps'
let next = 0

async function writer (): Promise<void> {
  while (next < Number(count)) {
    const name = `${run}-${next++}`
    const entry = await storage.write(bucket, `${bucket}/default/${name}`, () => ({ put: { metadata: { name, namespace: 'default' }, data: { payload: 'x'.repeat(200), run } } as never }))
    process.stdout.write(`${name} ${entry?.revision ?? 0}\n`)
  }
}

process.stdout.write(`open ${storage.revision}\n`)
await Promise.all(Array.from({ length: 16 }, writer))
await storage.close()
