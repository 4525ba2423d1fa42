import type { Readable } from 'node:stream'

/** Longest line that is taken, in bytes. */
const longest = 16 * 1024 * 1024

/** Lines of a byte stream, as they come; the last may lack its end. A line that is too long throws. */
export async function * linesOf (body: Readable): AsyncGenerator<string> {
  let parts: Buffer[] = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    let start = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      const line = chunk.subarray(start, end)
      yield parts.length ? Buffer.concat([...parts, line]).toString('utf8') : line.toString('utf8')
      parts = []; size = 0; start = end + 1
    }
    if (start < chunk.length) { parts.push(chunk.subarray(start)); size += chunk.length - start }
    if (size > longest) throw new Error(`a line of the watch is longer than ${longest} bytes`)
  }
  if (size > 0) yield Buffer.concat(parts).toString('utf8')
}
