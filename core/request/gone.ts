import { setMaxListeners } from 'node:events'
import type { Socket } from 'node:net'

const signals = new WeakMap<Socket, AbortSignal>()

/** Aborted when the client goes away; one signal a connection, whatever comes over it. */
export function goneSignal (socket: Socket): AbortSignal {
  let signal = signals.get(socket)
  if (!signal) {
    const controller = new AbortController()
    signal = controller.signal
    setMaxListeners(0, signal)
    signals.set(socket, signal)
    if (socket.destroyed) controller.abort(); else socket.once('close', () => { controller.abort() })
  }
  return signal
}
