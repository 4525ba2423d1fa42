import { connect } from 'node:net'
import { until } from '../tests/helpers/until.js'

const changeText = '"type":"MODIFIED"'

/** One watcher over plain HTTP, as little work as it can be: it reads which change comes. */
function watcher (port: number, path: string, token: string) {
  const socket = connect(port, '127.0.0.1')
  const state = { begun: false, seen: [] as number[], failed: '', close: () => { socket.destroy() } }
  let rest = ''
  socket.setEncoding('latin1')
  socket.write(`GET ${path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer ${token}\r\n\r\n`)
  socket.on('error', error => { state.failed = error.message })
  socket.on('close', () => { state.failed ||= 'the watch ended' })
  socket.on('data', text => {
    const lines = (rest + String(text)).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line.startsWith('HTTP/1.1 ')) { if (line.startsWith('HTTP/1.1 200')) state.begun = true; else state.failed = line }
      if (line.includes(changeText)) state.seen.push(Number(/"change":"(\d+)"/.exec(line)?.[1]))
    }
  })
  return state
}

type Watcher = ReturnType<typeof watcher>

/** Opens so many watchers, a hundred at a time, each once it has been answered. */
export async function openWatchers (count: number, port: number, path: string, token: string): Promise<Watcher[]> {
  const watchers: Watcher[] = []
  while (watchers.length < count) {
    const some = Array.from({ length: Math.min(100, count - watchers.length) }, () => watcher(port, path, token))
    await until(() => some.every(({ begun, failed }) => begun || failed))
    watchers.push(...some)
  }
  return watchers
}

/** Waits until every watcher has seen so many changes; answers how many saw all of them in order. */
export async function inOrder (watchers: readonly Watcher[], changes: number): Promise<number> {
  const wanted = Array.from({ length: changes }, (_, i) => i).join()
  const end = Date.now() + 300_000
  while (Date.now() < end && watchers.some(({ seen, failed }) => seen.length < changes && !failed)) await new Promise(resolve => setTimeout(resolve, 50))
  return watchers.filter(({ seen }) => seen.join() === wanted).length
}
