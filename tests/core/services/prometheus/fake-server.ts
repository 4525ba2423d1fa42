import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Test } from 'tap'
import { createPrometheus, type PrometheusOptions } from '../../../../core/services/prometheus/index.js'

export interface Question { method: string, path: string, form: URLSearchParams, headers: IncomingMessage['headers'] }
export type Behave = (response: ServerResponse, question: Question) => void

export const success = (data?: unknown, more: object = {}) => JSON.stringify({ status: 'success', ...(data === undefined ? {} : { data }), ...more })
export const vector = (...result: unknown[]) => success({ resultType: 'vector', result })
export const matrix = (...result: unknown[]) => success({ resultType: 'matrix', result })
export const one = vector({ metric: { job: 'a' }, value: [1700000000, '1'] })

/** A server that speaks HTTP as it is told, and a client of it; both ended with the test. */
export async function fakeServer (t: Test, behave: Behave, options: Partial<PrometheusOptions> = {}) {
  const asked: Question[] = []
  const sockets = new Set<Socket>()
  let sent = 0
  const server = createServer((request, response) => {
    void text(request).then(body => {
      const { pathname: path, searchParams } = new URL(request.url ?? '/', 'http://loopback')
      const question = { method: request.method ?? '', path, form: request.method === 'POST' ? new URLSearchParams(body) : searchParams, headers: request.headers }
      asked.push(question)
      behave(response, question)
    }, () => {})
  })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => {
      sent += socket.bytesWritten
      sockets.delete(socket)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const prometheus = createPrometheus({ endpoint: `http://127.0.0.1:${port}`, ...options })
  t.teardown(async () => {
    await prometheus.close()
    server.closeAllConnections()
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  /** Bytes that left the server. */
  const bytes = () => sent + [...sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, 0)
  return { prometheus, asked, port, sockets, bytes, server }
}
