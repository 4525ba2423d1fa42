import { createHash, timingSafeEqual } from 'node:crypto'
import type { OAuthClient } from '../../config/server.js'

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
/** Compares texts in time that tells nothing of either. */
export const sameText = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b))

/** With `*` every absolute http(s) address is allowed, but for those that hide where they lead. */
function isSafe (uri: string): boolean {
  try {
    const { protocol, username, password, hash } = new URL(uri)
    return (protocol === 'http:' || protocol === 'https:') && !username && !password && !hash && !uri.includes('#') && /^https?:\/\/[^\s\\]+$/i.test(uri)
  } catch { return false }
}

export interface Clients {
  find (id: string): OAuthClient | undefined
  authenticates (client: OAuthClient, secret: string): boolean
  /** The redirect URI to use: the asked one where it is registered byte for byte, or the first registered where none was asked; undefined where it is not allowed. */
  redirect (client: OAuthClient, asked: string): string | undefined
  /** Whether a URI is registered with any client: where a log-out may lead. */
  registered (uri: string): boolean
}

export function createClients (clients: readonly OAuthClient[]): Clients {
  const byName = new Map(clients.map(client => [client.name, client]))
  const allows = ({ redirectURIs }: OAuthClient, uri: string): boolean => redirectURIs.includes(uri) || (redirectURIs.includes('*') && isSafe(uri))
  return {
    find: id => byName.get(id),
    authenticates: (client, secret) => sameText(client.secret, secret),
    redirect: (client, asked) => {
      if (asked === '') return client.redirectURIs.find(uri => uri !== '*')
      return asked !== '*' && allows(client, asked) ? asked : undefined
    },
    registered: uri => uri !== '*' && clients.some(client => allows(client, uri)),
  }
}
