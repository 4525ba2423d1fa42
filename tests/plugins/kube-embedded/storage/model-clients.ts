import { readFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import fc from '../../../helpers/fast-check.js'
import { Pool } from 'undici'
import { contentOf, type Attempt, type Model, type Seen } from './model.js'

const path = '/api/v1/namespaces/default/configmaps'
/** Few that everybody writes, many that are seldom replaced after they were acknowledged. */
const hot = ['a', 'b', 'c', 'd', 'e', 'f']
const cold = Array.from({ length: 60 }, (_, i) => `x${i}`)
const keys = new Set([...hot, ...cold])

export type Step = { readonly kind: 'create' | 'update' | 'blind' | 'remove' | 'get' | 'list' | 'pages' | 'watch' | 'add', readonly key: string, readonly size: number }

/** What a client does next. */
export const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('create' as const, 'update' as const, 'get' as const) },
    { weight: 2, arbitrary: fc.constantFrom('blind' as const, 'remove' as const, 'add' as const) },
    { weight: 1, arbitrary: fc.constantFrom('list' as const, 'pages' as const, 'watch' as const) }
  ),
  key: fc.oneof(fc.constantFrom(...hot), fc.constantFrom(...cold)),
  size: fc.oneof({ weight: 9, arbitrary: fc.nat(100) }, { weight: 1, arbitrary: fc.nat(5000) }),
})

interface Answer { status: number, json: Record<string, any> }
/** The server went away before it answered. */
class Killed extends Error {}

/** A way to one running server. */
export class Connection {
  readonly #pool: Pool
  readonly #ca: string
  readonly #headers: Record<string, string>
  readonly #watches = new Set<() => void>()

  constructor (private readonly url: string, dataDir: string) {
    this.#ca = readFileSync(join(dataDir, 'kube-tls.crt'), 'utf8')
    this.#headers = { authorization: `Bearer ${readFileSync(join(dataDir, 'kube-token'), 'utf8').trim()}` }
    this.#pool = new Pool(url, { connections: 16, connect: { ca: this.#ca } })
  }

  async call (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<Answer> {
    try {
      const { statusCode, body: answer } = await this.#pool.request({ method, path, headers: { ...this.#headers, 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' }, ...(body ? { body: JSON.stringify(body) } : {}) })
      return { status: statusCode, json: await answer.json() as Answer['json'] }
    } catch (error) { throw new Killed('the server is gone', { cause: error }) }
  }

  /** Tells the lines of a watch until the server is gone. */
  watch (path: string, onLine: (line: string) => void): void {
    const open = request(this.url + path, { headers: this.#headers, ca: this.#ca, agent: false }, response => {
      let rest = ''
      response.on('error', () => {})
      response.on('data', (chunk: Buffer) => {
        const lines = (rest + String(chunk)).split('\n')
        rest = lines.pop() ?? ''
        lines.forEach(onLine)
      })
    })
    open.on('error', () => {})
    open.end()
    this.#watches.add(() => { open.destroy() })
  }

  async close (): Promise<void> {
    for (const stop of this.#watches) stop()
    await this.#pool.destroy()
  }
}

const seenIn = ({ metadata: { name, resourceVersion }, data }: Answer['json']): Seen => ({ key: name as string, revision: Number(resourceVersion), data: data as Record<string, string> })
const mine = ({ metadata }: Answer['json']): boolean => keys.has(metadata.name as string)

/** What each client has added to one object, by merge patches that know nothing of each other. */
export class Sums {
  readonly attempted: number[]
  readonly done: number[]
  constructor (clients: number) {
    this.attempted = new Array<number>(clients).fill(0)
    this.done = new Array<number>(clients).fill(0)
  }

  check (model: Model, data: Record<string, string>, least: readonly number[]): void {
    least.forEach((done, client) => {
      const [first, second] = [Number(data[`first-${client}`] ?? 0), Number(data[`second-${client}`] ?? 0)]
      if (first !== second) model.wrong(`sums: half of a patch: ${first} and ${second}`)
      if (first < done || first > this.attempted[client]!) model.wrong(`lost update: client ${client} has ${first}, ${done} were acknowledged and ${this.attempted[client]} sent`)
    })
  }
}

const sums = 'sums'
export const prepare = (connection: Connection): Promise<Answer> => connection.call('POST', path, { metadata: { name: sums }, data: {} })

/** One client of the model: runs steps against a connection until the server is gone. */
export class Client {
  constructor (private readonly number: number, private readonly model: Model, private readonly sums: Sums) {}

  async run (connection: Connection, steps: () => Step): Promise<void> {
    try { for (;;) await this.#step(connection, steps()) } catch (error) { if (!(error instanceof Killed)) throw error }
  }

  #step (connection: Connection, { kind, key, size }: Step): Promise<unknown> {
    switch (kind) {
      case 'get': return this.#get(connection, key)
      case 'list': return this.list(connection)
      case 'pages': return this.#pages(connection)
      case 'watch': return this.#watch(connection)
      case 'add': return this.#add(connection)
      case 'create': return this.#write(connection, this.model.attempt(key, false, 0), size)
      case 'blind': return this.#write(connection, this.model.attempt(key, false, -1), size)
      case 'update': return this.#change(connection, key, false, size)
      case 'remove': return this.#change(connection, key, true, size)
    }
  }

  #unexpected (what: string, { status, json }: Answer): void { this.model.wrong(`${what}: ${status} ${JSON.stringify(json).slice(0, 200)}`) }

  async #get (connection: Connection, key: string): Promise<Seen | undefined> {
    const floor = this.model.floor()
    const answer = await connection.call('GET', `${path}/${key}`)
    if (answer.status !== 200 && answer.status !== 404) this.#unexpected(`get ${key}`, answer)
    const seen = answer.status === 200 ? seenIn(answer.json) : undefined
    this.model.read(key, seen, floor)
    return seen
  }

  async #change (connection: Connection, key: string, remove: boolean, size: number): Promise<void> {
    const seen = await this.#get(connection, key)
    if (seen) await this.#write(connection, this.model.attempt(key, remove, seen.revision), size)
  }

  async #write (connection: Connection, attempt: Attempt, size: number): Promise<void> {
    const { key, remove, base, id } = attempt
    const body = { metadata: { name: key, ...(base > 0 ? { resourceVersion: String(base) } : {}) }, data: contentOf(id, size) }
    const sent = remove
      ? connection.call('DELETE', `${path}/${key}`, { preconditions: { resourceVersion: String(base) } })
      : base === 0 ? connection.call('POST', path, body) : connection.call('PUT', `${path}/${key}`, body)
    const answer = await sent.catch((error: unknown) => { this.model.unknown(attempt); throw error })
    if (answer.status < 300) return this.model.done(attempt, Number(answer.json['metadata']?.resourceVersion ?? 0))
    attempt.state = 'refused'
    if (answer.status !== 409 && answer.status !== 404) this.#unexpected(`write ${key}`, answer)
  }

  async list (connection: Connection): Promise<number> {
    const floor = this.model.floor()
    const answer = await connection.call('GET', path)
    if (answer.status !== 200) this.#unexpected('list', answer)
    const revision = Number(answer.json['metadata'].resourceVersion)
    this.model.list(revision, (answer.json['items'] as Answer['json'][]).filter(mine).map(seenIn), floor)
    return revision
  }

  async #pages (connection: Connection): Promise<void> {
    const floor = this.model.floor()
    const items: Seen[] = []
    let revision = 0
    for (let token: string | undefined = ''; token !== undefined;) {
      const answer = await connection.call('GET', `${path}?limit=10&continue=${token}`)
      if (answer.status === 410) return
      if (answer.status !== 200) return this.#unexpected('page', answer)
      const { resourceVersion, continue: next } = answer.json['metadata'] as { resourceVersion: string, continue?: string }
      if (revision && revision !== Number(resourceVersion)) this.model.wrong(`pages: revision ${resourceVersion} after ${revision}`)
      revision = Number(resourceVersion)
      items.push(...(answer.json['items'] as Answer['json'][]).filter(mine).map(seenIn))
      token = next
    }
    this.model.list(revision, items, floor)
  }

  async #watch (connection: Connection): Promise<void> {
    const start = await this.list(connection)
    const tell = this.model.watch(start)
    connection.watch(`${path}?watch=true&resourceVersion=${start}`, line => {
      const { type, object } = JSON.parse(line) as { type: string, object: Answer['json'] }
      if (type === 'ERROR') this.model.wrong(`watch from ${start}: ${line.slice(0, 200)}`)
      else if (mine(object)) tell(type, seenIn(object))
    })
  }

  async #add (connection: Connection): Promise<void> {
    const { done, attempted } = this.sums
    const least = [...done]
    const next = ++attempted[this.number]!
    const value = String(next)
    const answer = await connection.call('PATCH', `${path}/${sums}`, { data: { [`first-${this.number}`]: value, [`second-${this.number}`]: value } })
    if (answer.status !== 200) return this.#unexpected('add', answer)
    done[this.number] = next
    least[this.number] = next
    this.sums.check(this.model, answer.json['data'] as Record<string, string>, least)
  }
}
