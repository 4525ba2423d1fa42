import { Transform, type Readable } from 'node:stream'
import { tooLarge } from '../errors/status-error.js'

/** Reads a body to its end. One of more bytes than the limit is not read on: it is destroyed, and `refusal` thrown. */
export async function readAll (body: Readable, limit: number, refusal = (): Error => tooLarge('the body is too large')): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limit) throw refusal()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Passes a request body on until it is longer than the limit: then it fails with a 413, and whoever reads it is told. */
export function boundedBody (limit: number): Transform {
  let size = 0
  return new Transform({
    transform (chunk: Buffer, _encoding, done) {
      size += chunk.length
      if (size > limit) done(tooLarge('the request body is too large'))
      else done(null, chunk)
    },
  })
}
