import { Transform } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import type { KubeObject, Status } from '../../core/sdk/index.js'

/** What is taken out of objects, and out of refusals. */
export interface Redact { object: (object: KubeObject) => KubeObject, status: (status: Status) => Status }

interface Answer extends Partial<KubeObject> {
  items?: KubeObject[]
  rows?: { object?: KubeObject }[]
}

/** Applies a redaction to whatever form an answer has: one object, a list, a Table. */
export function redactAnswer (answer: Answer, redact: Redact): unknown {
  if (answer.kind === 'Status') return redact.status(answer as unknown as Status)
  if (Array.isArray(answer.rows)) return { ...answer, rows: answer.rows.map(row => row.object ? { ...row, object: redact.object(row.object) } : row) }
  if (Array.isArray(answer.items)) return { ...answer, items: answer.items.map(redact.object) }
  return redact.object(answer as KubeObject)
}

/** A line of a watch stream; longer ones end the stream, in characters. */
const longestEvent = 16 * 1024 * 1024

function redactEvent (line: string, redact: Redact): string {
  const event = JSON.parse(line) as { type: string, object: Answer }
  return JSON.stringify(event.type === 'ERROR' || event.type === 'BOOKMARK' ? event : { ...event, object: redactAnswer(event.object, redact) }) + '\n'
}

/** The same for a watch: one JSON event a line. */
export function redactWatch (redact: Redact): Transform {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  return new Transform({
    transform (chunk: Buffer, _encoding, done) {
      try {
        const lines = (rest + decoder.write(chunk)).split('\n')
        rest = lines.pop() ?? ''
        if (rest.length > longestEvent) throw new Error('an event of the watch is too long')
        for (const line of lines) if (line) this.push(redactEvent(line, redact))
        done()
      } catch (error) { done(error as Error) }
    },
    flush (done) {
      try {
        if (rest) this.push(redactEvent(rest, redact))
        done()
      } catch (error) { done(error as Error) }
    },
  })
}

/** Only JSON can be looked into: the Accept that goes upstream, with a Table or PartialObjectMetadata where the client asked for it. */
export function jsonAccept (accept: string | undefined): string {
  const wanted = (accept ?? '').split(',').map(part => part.trim()).filter(part => /^application\/json\b/.test(part))
  return [...wanted, 'application/json'].join(',')
}
