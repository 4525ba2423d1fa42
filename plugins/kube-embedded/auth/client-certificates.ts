import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { authenticated, type User } from './users.js'

interface Seen { readonly user: User, readonly until: number }

const listOf = (value: string | string[] | undefined): string[] => value === undefined ? [] : Array.isArray(value) ? value : [value]

function read (socket: TLSSocket): Seen | undefined {
  if (!socket.authorized) return undefined
  const { subject, valid_to: until } = socket.getPeerCertificate()
  const [[name, ...more], groups] = [listOf(subject?.CN), listOf(subject?.O)]
  return name && !more.length ? { user: Object.freeze({ name, groups: [...groups, authenticated] }), until: Date.parse(until) } : undefined
}

const seen = new WeakMap<Socket, Seen | false>()

/** Who a connection's certificate says it is, read once; undefined without one that the authority has signed, and from its end on. */
export function certified (socket: Socket, now: number): User | undefined {
  let one = seen.get(socket)
  if (one === undefined) seen.set(socket, one = read(socket as TLSSocket) ?? false)
  return one && now < one.until ? one.user : undefined
}
