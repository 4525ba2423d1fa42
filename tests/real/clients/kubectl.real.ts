import t from 'tap'
import { byManager, normalText } from './normal.js'
import { programs, run, words, type Result } from './program.js'
import { needs, startBoth, type Server } from './servers.js'
import { session, type Command } from './session.js'

needs(programs.kubectl)
const { real, embedded } = await startBoth(t)

function kept (text: string, { only, without, sorted }: Command): string {
  const lines = text.split('\n').filter(line => (!only || only.test(line)) && !without?.test(line))
  return byManager((sorted ? lines.sort() : lines).join('\n'))
}

async function answer (server: Server, { line, stdin = '', eventually }: Command): Promise<Result> {
  for (let i = 0; ; i++) {
    const result = await run(programs.kubectl, ['--kubeconfig', server.kubeconfig, '--cache-dir', server.home, '--namespace', 'shop', ...words(line)], { stdin, env: { HOME: server.home } })
    if (result.code === 0 || !eventually || i === 300) return result
    await new Promise(resolve => setTimeout(resolve, 200))
  }
}

async function outcome (server: Server, command: Command) {
  const { code, out, err } = await answer(server, command)
  return { code, out: normalText(kept(out, command)), err: normalText(kept(err, command)) }
}

t.test('a session of kubectl has the same output on both', async t => {
  for (const command of session) {
    const [expected, found] = await Promise.all([outcome(real, command), outcome(embedded, command)])
    if (command.differs === undefined) t.same(found, expected, `kubectl ${command.line}`)
    else t.not(JSON.stringify(found), JSON.stringify(expected), `kubectl ${command.line}: ${command.differs}`)
  }
})
