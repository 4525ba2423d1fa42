import type { FastifyReply, FastifyRequest } from 'fastify'
import { goneSignal } from '../../request/gone.js'
import type { AskOptions } from '../prometheus/types.js'
import type { Monitoring } from './types.js'

/** How a request asks. */
export interface Asking {
  /** The time now in seconds, told so that who asks the same may share its answer. */
  now: () => number
  options: AskOptions & { caller: string }
}

/** Reads how a request asks: for its caller, until the client goes, with room for its answers until they are sent. */
export function askingOf ({ target: { route, query }, identity, raw }: FastifyRequest, reply: FastifyReply, monitoring: Monitoring): Asking {
  const { name: caller } = identity
  const room = monitoring.room(caller)
  if (raw.socket.destroyed) room.leave(); else reply.raw.once('close', () => { room.leave() })
  return { now: () => monitoring.now(`${route}?${query.toString()}`, caller), options: { caller, signal: goneSignal(raw.socket), room } }
}
