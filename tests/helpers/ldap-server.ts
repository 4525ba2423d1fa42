import { createServer, type Socket } from 'node:net'
import { TLSSocket, createSecureContext, createServer as createSecureServer } from 'node:tls'
import type { Owner } from './process.js'

// The few parts of BER (X.690) and LDAP v3 (RFC 4511) that a log-in needs; written from the documents, not from any client.

interface Node { tag: number, value: Buffer }

function read (buffer: Buffer, at = 0): { node: Node, end: number } | undefined {
  const tag = buffer[at]
  const first = buffer[at + 1]
  if (tag === undefined || first === undefined) return undefined
  const size = first < 0x80 ? 0 : first & 0x7f
  if (buffer.length < at + 2 + size) return undefined
  const length = size === 0 ? first : buffer.readUIntBE(at + 2, size)
  const start = at + 2 + size
  return buffer.length < start + length ? undefined : { node: { tag, value: buffer.subarray(start, start + length) }, end: start + length }
}

function children ({ value }: Node): Node[] {
  const nodes: Node[] = []
  for (let at = 0; at < value.length;) {
    const next = read(value, at)
    if (!next) throw new Error('BER is cut short')
    nodes.push(next.node)
    at = next.end
  }
  return nodes
}

function write (tag: number, ...parts: (Buffer | string)[]): Buffer {
  const value = Buffer.concat(parts.map(part => Buffer.from(part)))
  const size = Buffer.alloc(4)
  size.writeUInt32BE(value.length)
  return Buffer.concat([Buffer.from([tag]), value.length < 0x80 ? Buffer.from([value.length]) : Buffer.concat([Buffer.from([0x84]), size]), value])
}

export interface LDAPEntry { dn: string, password?: string, attributes: Record<string, string[]> }
export interface LDAPSearch { base: string, sizeLimit: number, filter: string }

const textOf = (node: Node | undefined): string => String(node?.value ?? '')
const valuesOf = ({ attributes }: LDAPEntry, name: string): string[] => Object.entries(attributes).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1] ?? []
const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/** Whether an entry matches, and the filter as text: `(uid=…)`, the values as they came. */
function filterOf (node: Node): { text: string, matches: (entry: LDAPEntry) => boolean } {
  const parts = () => children(node)
  switch (node.tag) {
    case 0xa0: case 0xa1: {
      const inner = parts().map(filterOf)
      const all = node.tag === 0xa0
      return { text: `(${all ? '&' : '|'}${inner.map(({ text }) => text).join('')})`, matches: entry => all ? inner.every(one => one.matches(entry)) : inner.some(one => one.matches(entry)) }
    }
    case 0xa3: {
      const [name, value] = parts().map(textOf)
      return { text: `(${name}=${value})`, matches: entry => valuesOf(entry, name ?? '').some(one => same(one, value ?? '')) }
    }
    case 0x87: return { text: `(${String(node.value)}=*)`, matches: entry => valuesOf(entry, String(node.value)).length > 0 }
    default: throw new Error(`a filter of tag ${node.tag} is not known here`)
  }
}

export interface LDAPServerOptions {
  entries: LDAPEntry[]
  certificate?: { cert: string | Buffer, key: string | Buffer }
  /** TLS from the first byte. */
  secure?: boolean
  /** Bytes sent in place of every answer to a search. */
  flood?: Buffer
}

/** A directory on a loopback port: simple binds, equality searches, StartTLS. */
export async function ldapServer (t: Owner, { entries, certificate, secure = false, flood }: LDAPServerOptions) {
  const binds: { dn: string, password: string, encrypted: boolean }[] = []
  const searches: LDAPSearch[] = []
  let connections = 0

  const result = (code: number): Buffer => Buffer.concat([write(0x0a, Buffer.from([code])), write(0x04, ''), write(0x04, '')])

  function bind (request: Node, encrypted: boolean): Buffer[] {
    const [, dn, secret] = children(request).map(textOf)
    binds.push({ dn: dn ?? '', password: secret ?? '', encrypted })
    const entry = entries.find(one => same(one.dn, dn ?? ''))
    // As RFC 4513 section 5.1.2 has it: without a password anybody is let in, as nobody.
    const isGood = !secret || (entry?.password !== undefined && entry.password === secret)
    return [write(0x61, result(isGood ? 0 : 49))]
  }

  function search (request: Node): Buffer[] {
    const [base, , , sizeLimit, , , filterNode] = children(request)
    const filter = filterOf(filterNode as Node)
    const limit = sizeLimit?.value.readUIntBE(0, sizeLimit.value.length) ?? 0
    searches.push({ base: textOf(base), sizeLimit: limit, filter: filter.text })
    if (flood) return [flood]
    const found = entries.filter(entry => entry.dn.toLowerCase().endsWith(textOf(base).toLowerCase()) && filter.matches(entry))
    const shown = limit > 0 ? found.slice(0, limit) : found
    const entryOf = ({ dn, attributes }: LDAPEntry) => write(0x64, write(0x04, dn), write(0x30, ...Object.entries(attributes).map(([name, values]) => write(0x30, write(0x04, name), write(0x31, ...values.map(value => write(0x04, value)))))))
    return [...shown.map(entryOf), write(0x65, result(shown.length < found.length ? 4 : 0))]
  }

  function serve (socket: Socket, encrypted: boolean): void {
    let buffer = Buffer.alloc(0)
    const onData = (chunk: Buffer) => {
      buffer = Buffer.concat([buffer, chunk])
      for (let next = read(buffer); next; next = read(buffer)) {
        buffer = buffer.subarray(next.end)
        const [id, request] = children(next.node)
        if (!id || !request) return socket.destroy()
        const send = (...answers: Buffer[]) => { for (const answer of answers) socket.write(write(0x30, write(0x02, id.value), answer)) }
        if (request.tag === 0x42) return socket.destroy()
        if (request.tag === 0x60) send(...bind(request, encrypted))
        else if (request.tag === 0x63) send(...search(request))
        else if (request.tag === 0x77 && certificate && textOf(children(request)[0]) === '1.3.6.1.4.1.1466.20037') {
          socket.off('data', onData)
          send(write(0x78, result(0)))
          serve(new TLSSocket(socket, { isServer: true, secureContext: createSecureContext(certificate) }), true)
          return
        } else send(write(0x78, result(2)))
      }
    }
    socket.on('data', onData).on('error', () => socket.destroy())
  }

  const sockets = new Set<Socket>()
  const accept = (socket: Socket) => {
    connections++
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    serve(socket, secure)
  }
  const server = secure && certificate ? createSecureServer(certificate, accept) : createServer(accept)
  server.on('tlsClientError', () => {})
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  const { port } = server.address() as { port: number }
  const hangUp = () => { for (const socket of sockets) socket.destroy() }
  t.teardown(() => {
    hangUp()
    return new Promise(resolve => server.close(resolve))
  })
  return { port, hangUp, host: `127.0.0.1:${port}`, binds, searches, connections: () => connections, entries }
}
