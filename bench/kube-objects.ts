import { Pool } from 'undici'

export const namespace = 'bench'
export const configMaps = `/api/v1/namespaces/${namespace}/configmaps`
const filler = 'x'.repeat(1_280)

/** A ConfigMap that is 1.5 KB as it is stored. */
export const configMap = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels: { app: 'bench' } }, data: { text: filler } })

export interface Api { readonly url: string, readonly ca: string, readonly token?: string }

export interface Client {
  /** Throws what is not a success. */
  send (method: 'POST' | 'PUT' | 'GET', path: string, body?: unknown): Promise<void>
  close (): Promise<void>
}

/** Keep-alive connections over TLS, the same for whoever is measured. */
export function createClient ({ url, ca, token }: Api, connections: number): Client {
  const pool = new Pool(url, { connections, connect: { ca } })
  const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) }
  return {
    async send (method, path, body) {
      const answer = await pool.request({ method, path, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
      const text = await answer.body.text()
      if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${text.slice(0, 300)}`)
    },
    close: () => pool.close(),
  }
}

/** Runs `work` for 0 … count-1, so many at a time. */
export async function each (count: number, concurrency: number, work: (i: number) => Promise<void>): Promise<void> {
  let next = 0
  await Promise.all(Array.from({ length: concurrency }, async () => { for (let i = next++; i < count; i = next++) await work(i) }))
}

/** Creates object-0 … in the namespace `bench`. */
export async function loadObjects (api: Api, count: number): Promise<void> {
  const client = createClient(api, 32)
  await client.send('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
  await each(count, 64, i => client.send('POST', configMaps, configMap(`object-${String(i).padStart(6, '0')}`)))
  await client.close()
}

export const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
