import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods, RouteOptions } from 'fastify'
import findMyWay, { type HTTPMethod } from 'find-my-way'

const methods: readonly HTTPMethod[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']
const roots = /^\/(kapis|oauth|version)(\/|$)/

/**
 * What the router of 3.x says where it has no route: 405 with Allow where the path is known under another method, else 404, both as bare text.
 * The routes are those that groups declare; a second router holds them, asked only here.
 */
export function attachNotFound (app: FastifyInstance): void {
  const routes = findMyWay({ maxParamLength: 512 })
  app.addHook('onRoute', ({ method, url }: RouteOptions) => {
    for (const one of [method].flat() as HTTPMethods[]) if (!routes.hasRoute(one as HTTPMethod, url)) routes.on(one as HTTPMethod, url, () => {})
  })
  app.setNotFoundHandler((request: FastifyRequest, reply: FastifyReply) => {
    const { route } = request.target
    const say = (code: number, text: string) => reply.code(code).type('text/plain; charset=utf-8').send(text)
    const allow = methods.filter(method => routes.find(method, route))
    if (allow.length > 0) {
      reply.header('allow', allow.join(', '))
      return say(405, '405: Method Not Allowed')
    }
    if (roots.test(route)) return say(404, '404: Page Not Found')
    return say(404, '404 page not found\n')
  })
}
