import type { IncomingHttpHeaders } from 'node:http'
import { hopByHop, namedBy, type Headers, type Identity } from '../../core/sdk/index.js'

/** What a client may tell Kubernetes beside the request line. Everything else, identity headers first, stays here (R7). */
const forwarded = ['accept', 'accept-encoding', 'content-type', 'content-length', 'user-agent', 'if-match', 'if-none-match', 'if-modified-since', 'kubectl-command', 'kubectl-session'] as const
const forwardedOnUpgrade = ['sec-websocket-key', 'sec-websocket-version', 'sec-websocket-extensions', 'x-stream-protocol-version'] as const

function pick (headers: IncomingHttpHeaders, names: readonly string[], without: ReadonlySet<string>): Headers {
  const result: Headers = {}
  for (const name of names) {
    const value = headers[name]
    if (value !== undefined && !without.has(name)) result[name] = value
  }
  return result
}

/** The identity under which Kubernetes decides; its RBAC is then the second lock. */
export const impersonation = ({ name, groups }: Identity): Headers => ({ 'impersonate-user': name, 'impersonate-group': [...groups] })

/** The header set that goes upstream, built afresh. `as` is undefined where the server acts by itself. */
export function requestHeaders (headers: IncomingHttpHeaders, sourceIP: string, as: Identity | undefined): Headers {
  const result = pick(headers, forwarded, namedBy(headers.connection))
  result['x-forwarded-for'] = sourceIP
  return as ? Object.assign(result, impersonation(as)) : result
}

/** Subprotocols may carry a bearer token for the kube-apiserver: those never pass. */
const protocols = (offered: string | undefined): string[] =>
  (offered ?? '').split(',').map(name => name.trim()).filter(name => name && !name.startsWith('base64url.bearer.authorization.k8s.io'))

/** As requestHeaders, for a request that upgrades. */
export function upgradeHeaders (headers: IncomingHttpHeaders, sourceIP: string, as: Identity | undefined): Headers {
  const offered = protocols(headers['sec-websocket-protocol'])
  return {
    ...requestHeaders(headers, sourceIP, as),
    ...pick(headers, forwardedOnUpgrade, new Set()),
    ...(offered.length ? { 'sec-websocket-protocol': offered.join(', ') } : {}),
    connection: 'Upgrade',
    upgrade: headers.upgrade,
  }
}

const withheld = (name: string) => name.startsWith('access-control-') || name === 'set-cookie'

/** What of an answer's headers goes on to the client: hop-by-hop, CORS and cookies do not, a Location loses its origin. */
export function responseHeaders (headers: Headers): Record<string, string | string[]> {
  const dropped = namedBy(headers.connection)
  const result: Record<string, string | string[]> = {}
  for (const name of Object.keys(headers)) {
    const value = headers[name]
    if (value === undefined || hopByHop.has(name) || dropped.has(name) || withheld(name)) continue
    result[name] = name === 'location' ? String(value).replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '') : value
  }
  return result
}
