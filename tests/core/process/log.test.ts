import { spawn } from 'node:child_process'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { lines } from '../../helpers/log-writer.js'

const here = fileURLToPath(import.meta.url)
const script = join(here, '../../../helpers', `log-writer${extname(here)}`)

const written = (then: string): Promise<string> => new Promise(resolve => {
  const child = spawn(process.execPath, [...process.execArgv, script, then], { stdio: ['ignore', 'ignore', 'pipe'] })
  let text = ''
  child.stderr.setEncoding('utf8').on('data', (part: string) => { text += part })
  child.once('close', () => { resolve(text) })
})

t.test('records come out whole and in order, however the process ends', async t => {
  for (const then of ['end', 'exit', 'late', 'throw']) t.ok((await written(then)).includes(lines.join('')), then)
})
