import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { Owner } from './process.js'

export interface Asked { method: string, url: URL, headers: IncomingMessage['headers'], form: URLSearchParams }
export interface Answered { status?: number, type?: string, headers?: Record<string, string>, body?: string | object }

/** A loopback server that answers as it is told; ended with the test. `certificate` puts it behind TLS. */
export async function webServer (t: Owner, answer: (asked: Asked) => Answered | Promise<Answered>, certificate?: { cert: string | Buffer, key: string | Buffer }) {
  const asked: Asked[] = []
  const listener: RequestListener = async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const one: Asked = { method: request.method ?? '', url: new URL(request.url ?? '/', 'http://loopback'), headers: request.headers, form: new URLSearchParams(Buffer.concat(chunks).toString()) }
    asked.push(one)
    const { status = 200, type = 'application/json', headers = {}, body = '' } = await answer(one)
    response.writeHead(status, { 'content-type': type, ...headers }).end(typeof body === 'string' ? body : JSON.stringify(body))
  }
  const server = certificate ? createSecureServer(certificate, listener) : createServer(listener)
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  const { port } = server.address() as { port: number }
  const close = () => new Promise<void>(resolve => {
    server.closeAllConnections()
    server.close(() => { resolve() })
  })
  t.teardown(close)
  return { port, base: `${certificate ? 'https' : 'http'}://127.0.0.1:${port}`, asked, close }
}
