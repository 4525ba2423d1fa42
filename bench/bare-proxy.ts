// The baseline: @fastify/http-proxy alone in front of an upstream. UPSTREAM, TOKEN and CA come by environment; prints its port.
import Fastify from 'fastify'
import proxy from '@fastify/http-proxy'

const app = Fastify()
await app.register(proxy, {
  upstream: process.env.UPSTREAM ?? '',
  undici: { connect: { ca: process.env.CA ?? '' } },
  replyOptions: { rewriteRequestHeaders: (_request, headers) => ({ ...headers, authorization: `Bearer ${process.env.TOKEN}` }) },
})
const address = await app.listen({ host: '127.0.0.1', port: 0 })
console.log(`port ${new URL(address).port}`)
