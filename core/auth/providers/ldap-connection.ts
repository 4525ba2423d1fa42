import net from 'node:net'
import tls from 'node:tls'
import { Client, InvalidCredentialsError, NoSuchObjectError, ResultCodeError, type Filter } from 'ldapts'
import { ProviderFailure } from './types.js'

export interface Server {
  host: string
  port: number
  mode: 'none' | 'ldaps' | 'starttls'
  /** The longest wait for one answer (ms). */
  timeout: number
  tls: { rejectUnauthorized: boolean, ca?: string }
}

export interface Search { base: string, filter: Filter, attributes: string[], most: number }
export type Found = { dn: string } & Record<string, unknown>

/** One connection, for one log-in. */
export interface Connection {
  bind (dn: string, password: string): Promise<void>
  search (search: Search): Promise<Found[]>
  close (): void
}

/** What one log-in may read, and how long it may last in all. */
const bounds = { bytes: 1024 * 1024, total: 60_000 }

const names = new Map([[1, 'Operations Error'], [3, 'Time Limit Exceeded'], [4, 'Size Limit Exceeded'], [8, 'Strong Auth Required'], [32, 'No Such Object'], [34, 'Invalid DN Syntax'], [49, 'Invalid Credentials'], [50, 'Insufficient Access Rights'], [51, 'Busy'], [52, 'Unavailable'], [53, 'Unwilling To Perform']])

/** As the LDAP client of ks-apiserver words it; addresses stay in the log. */
export const resultCode = (code: number, cause?: unknown): ProviderFailure => new ProviderFailure(`LDAP Result Code ${code} ${JSON.stringify(names.get(code) ?? 'Network Error')}`, { cause })

/** Any error of the client: a result code, or 200 for what happened on the way. */
export const failureOf = (error: unknown): ProviderFailure => error instanceof ResultCodeError ? resultCode(error.code, error) : resultCode(200, error)

export const isRefusal = (error: unknown): boolean => error instanceof InvalidCredentialsError
export const isAbsent = (error: unknown): boolean => error instanceof NoSuchObjectError

/**
 * The sockets of one connection: bounded in bytes and time, and made once. A client that connected again by itself would go on without the TLS that was
 * begun on the first connection.
 */
function createSockets () {
  const sockets: net.Socket[] = []
  const end = (error?: Error): void => { for (const socket of sockets) socket.destroy(error) }
  const timer = setTimeout(() => { end(new Error('the directory took too long')) }, bounds.total)
  let bytes = 0

  function count (chunk: Buffer): void {
    bytes += chunk.length
    if (bytes > bounds.bytes) end(new Error('the directory sent too much'))
  }
  return {
    once <A extends unknown[]>(make: (...args: A) => net.Socket): (...args: A) => net.Socket {
      let isMade = false
      return (...args) => {
        if (isMade) throw new Error('the connection to the directory was lost')
        isMade = true
        const socket = make(...args).on('data', count).on('error', () => {})
        sockets.push(socket)
        return socket
      }
    },
    close (): void {
      clearTimeout(timer)
      end()
    },
  }
}

export async function connect (server: Server): Promise<Connection> {
  const { host, port, mode, timeout } = server
  const options = { ...server.tls, host, ...(net.isIP(host) ? {} : { servername: host }) }
  const sockets = createSockets()
  const client = new Client({
    url: `${mode === 'ldaps' ? 'ldaps' : 'ldap'}://${net.isIPv6(host) ? `[${host}]` : host}:${port}`,
    timeout,
    connectTimeout: Math.min(timeout, 5_000),
    ...(mode === 'ldaps' ? { tlsOptions: options } : {}),
    createConnection: sockets.once(() => net.connect(port, host)) as typeof net.connect,
    createSecureConnection: sockets.once((...args: unknown[]) => mode === 'starttls' ? tls.connect(args[0] as tls.ConnectionOptions) : tls.connect({ ...options, port })) as typeof tls.connect,
  })
  const close = (): void => { client.unbind().catch(() => {}).finally(() => { sockets.close() }) }
  try {
    if (mode === 'starttls') await client.startTLS(options)
  } catch (error) {
    close()
    throw error
  }
  return {
    bind: (dn, password) => client.bind(dn, password),
    async search ({ base, filter, attributes, most }) {
      const { searchEntries } = await client.search(base, { scope: 'sub', filter, attributes, sizeLimit: most + 1, timeLimit: Math.ceil(timeout / 1000) })
      if (searchEntries.length > most) throw resultCode(4)
      return searchEntries as Found[]
    },
    close,
  }
}
