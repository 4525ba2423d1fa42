import type { KubeApi, Reply } from '../helpers/kube-api.js'
import { at, normal } from './normal.js'
import type { Fact, Step } from './types.js'

/** What an exchange came to. */
export interface Outcome { readonly ask: string, readonly status: number, readonly answer?: unknown, readonly headers?: unknown }

const agent = 'facts/1.0'

function filled (value: unknown, saved: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') return value.replace(/\{([a-zA-Z]\w*)\}/g, (whole, name: string) => saved[name] ?? whole)
  if (Array.isArray(value)) return value.map(item => filled(item, saved))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [filled(key, saved), filled(item, saved)]))
}

async function exchange (api: KubeApi, step: Step): Promise<Reply> {
  const space = step.ask.indexOf(' ')
  const [method, url] = [step.ask.slice(0, space), step.ask.slice(space + 1)]
  const more = {
    ...(step.type ? { type: step.type } : {}),
    ...(step.accept ? { accept: step.accept } : {}),
    headers: { 'user-agent': agent, ...(step.as ? { 'impersonate-user': step.as, ...(step.groups ? { 'impersonate-group': [...step.groups] } : {}) } : {}) },
  }
  if (step.events === undefined) return api.call(method, url, step.body, more)
  const watch = await api.watch(url, more)
  const late = setTimeout(() => { watch.body.destroy(new Error(`${step.ask}: the events did not come`)) }, 15_000)
  const events = await watch.take(step.events)
  clearTimeout(late)
  watch.body.on('error', () => {})
  watch.close()
  return { status: watch.status, headers: {}, text: '', json: { events } }
}

const holds = ({ status, until }: Step, reply: Reply): boolean =>
  reply.status === status && (until === undefined || until === true || JSON.stringify(at(reply.json, until[0])) === JSON.stringify(until[1]))

async function ask (api: KubeApi, step: Step): Promise<Reply> {
  for (let i = 0; ; i++) {
    const reply = await exchange(api, step)
    if (step.until === undefined || holds(step, reply) || i > 600) return reply
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

const one = (value: string | string[] | undefined): unknown => Array.isArray(value) && value.length === 1 ? value[0] : value ?? null

function outcomeOf (step: Step, reply: Reply, ns: string): Outcome {
  const { compare = 'all', headers = [] } = step
  const whole = reply.text === '' || reply.text.startsWith('{') ? reply.json : reply.text
  const answer = compare === 'none' ? undefined : compare === 'all' ? normal(whole, ns) : Object.fromEntries(compare.map(path => [path, normal(at(reply.json, path) ?? null, ns, path.split('.').at(-1))]))
  return {
    ask: step.ask,
    status: reply.status,
    ...(answer === undefined ? {} : { answer }),
    ...(headers.length ? { headers: normal(Object.fromEntries(headers.map(name => [name, one(reply.headers[name])])), ns) } : {}),
  }
}

/** Outcomes with nothing but the status where ours differs by intent; the expected ones get our status. */
export const asOurs = ({ steps }: Fact, outcomes: readonly Outcome[] | undefined, found = false): readonly Outcome[] | undefined =>
  outcomes?.map((outcome, i) => steps[i]?.ours === undefined ? outcome : { ask: outcome.ask, status: found ? outcome.status : steps[i].ours })

let last = 0

/** Makes the exchanges of a fact in a namespace of its own, which goes with it. */
export async function runFact (api: KubeApi, { steps }: Fact): Promise<Outcome[]> {
  const ns = `fact-${Date.now().toString(36)}-${++last}`
  const saved: Record<string, string> = { ns }
  const outcomes: Outcome[] = []
  await api.call('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: ns } })
  try {
    for (const step of steps) {
      const ready = filled(step, saved) as Step
      const reply = await ask(api, ready)
      for (const [name, path] of Object.entries(step.save ?? {})) saved[name] = String(at(reply.json, path))
      outcomes.push({ ...outcomeOf(ready, reply, ns), ask: step.ask })
    }
  } finally {
    await api.call('DELETE', `/api/v1/namespaces/${ns}`)
  }
  return outcomes
}
