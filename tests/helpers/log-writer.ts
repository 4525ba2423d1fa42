// Writes lines to stderr as the log does, then ends as its argument says: `end`, `exit`, `late` or `throw`.
import { gather } from '../../core/process/log.js'

export const lines = ['plain', 'ä €', '𝄞'.repeat(30_000), 'x'.repeat(200_000), ...Array.from({ length: 5_000 }, (_, i) => `line ${i} ${'é'.repeat(i % 97)}`)].map(line => `${line}\n`)

const [, , then] = process.argv
if (then) {
  const to = gather(2)
  for (const line of lines) to.write(line)
  if (then === 'exit') process.exit(0)
  if (then === 'late') setTimeout(() => {}, 300)
  if (then === 'throw') throw new Error('an end')
}
