/** Headers that are of one connection alone (RFC 9110 section 7.6.1). */
export const hopByHop: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'])

const nothing: ReadonlySet<string> = new Set()

/** Names that a Connection header makes hop-by-hop. */
export function namedBy (connection: string | string[] | undefined): ReadonlySet<string> {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return nothing
  return new Set((Array.isArray(connection) ? connection.join(',') : connection).split(',').map(name => name.trim().toLowerCase()).filter(Boolean))
}
