import { Type, type Static } from '@sinclair/typebox'
import { FilterParser } from 'ldapts'
import { LoginFailure } from '../login-failure.js'
import { rootCertificate } from './certificate.js'
import { connect, failureOf, isRefusal, type Connection, type Server } from './ldap-connection.js'
import { findUser, groupsOf, type Entry } from './ldap-search.js'
import { flag, needed, OptionError, text } from './options.js'
import { createGate } from './outbound.js'
import { defineProvider, ProviderFailure } from './types.js'

export const LDAPOptions = Type.Object({
  host: needed(),
  readTimeout: Type.Integer({ default: 15_000 }),
  /** As in ks-apiserver: TLS from the first byte (ldaps). */
  startTLS: flag(),
  /** Our own, before startTLS: `ldaps`, `starttls` (RFC 4511 section 4.14), `none`. */
  tls: Type.Union([Type.Literal(''), Type.Literal('none'), Type.Literal('ldaps'), Type.Literal('starttls')], { default: '', description: 'ldaps, starttls or none' }),
  insecureSkipVerify: flag(),
  rootCA: text(),
  rootCAData: text(),
  managerDN: text(),
  managerPassword: text(),
  userSearchBase: needed(),
  userSearchFilter: text(),
  groupSearchBase: text(),
  groupSearchFilter: text(),
  userMemberAttribute: text(),
  groupMemberAttribute: text(),
  loginAttribute: needed(),
  mailAttribute: text(),
})
export type LDAPOptions = Static<typeof LDAPOptions>

const attribute = /^[A-Za-z][A-Za-z0-9;.-]{0,127}$|^\d+(\.\d+)+$/
/** Waits for one answer are bounded (ms). */
const waits = { usual: 15_000, longest: 60_000 }

function check (options: LDAPOptions): void {
  for (const key of ['loginAttribute', 'mailAttribute', 'userMemberAttribute', 'groupMemberAttribute'] as const) {
    if (options[key] && !attribute.test(options[key])) throw new OptionError(key, 'the name of an attribute')
  }
  for (const key of ['userSearchFilter', 'groupSearchFilter'] as const) {
    try { if (options[key]) FilterParser.parseString(options[key]) } catch { throw new OptionError(key, 'a search filter (RFC 4515)') }
  }
}

/** `host:port`, or a host alone. */
function serverOf (options: LDAPOptions): Server {
  const { host, tls, startTLS, readTimeout, insecureSkipVerify } = options
  const mode = tls || (startTLS ? 'ldaps' : 'none')
  const [, bracketed, plain, port] = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:/[\]]+))(?::(\d{1,5}))?$/.exec(host) ?? []
  const name = bracketed ?? plain
  if (!name || Number(port ?? 1) < 1 || Number(port ?? 1) > 65_535) throw new OptionError('host', 'host:port')
  const ca = rootCertificate(options)
  return {
    host: name,
    port: Number(port ?? (mode === 'ldaps' ? 636 : 389)),
    mode,
    timeout: readTimeout > 0 ? Math.min(readTimeout, waits.longest) : waits.usual,
    tls: { rejectUnauthorized: !insecureSkipVerify, ...(ca ? { ca } : {}) },
  }
}

const isLoopback = (host: string): boolean => /^(localhost|127\.[\d.]+|::1)$/i.test(host)

/** Shows the password to the directory as the entry's own. */
async function bindAs (connection: Connection, dn: string, password: string): Promise<void> {
  try { await connection.bind(dn, password) } catch (error) {
    if (isRefusal(error)) throw new LoginFailure('incorrect password')
    throw error
  }
}

const first = (entry: Entry, name: string): string => entry.values(name)[0] ?? ''

/** A directory of LDAP v3: the manager finds the entry, the entry's own password opens it. */
export const ldap = defineProvider({
  type: 'LDAPIdentityProvider',
  options: LDAPOptions,
  create (options, { log, wantsGroups }) {
    check(options)
    const server = serverOf(options)
    const gate = createGate()
    if (server.mode === 'none' && !isLoopback(server.host)) log.warn('an LDAP identity provider is spoken to without TLS: passwords travel in the clear')

    async function identify (connection: Connection, username: string, password: string) {
      if (options.managerDN) await connection.bind(options.managerDN, options.managerPassword)
      const entry = await findUser(connection, options, username)
      if (!entry) throw new LoginFailure('incorrect password')
      const groups = wantsGroups ? await groupsOf(connection, options, entry) : []
      await bindAs(connection, entry.dn, password)
      const uid = first(entry, options.loginAttribute)
      if (!uid) throw new ProviderFailure('the entry of the directory has no login attribute')
      return { uid, username: uid, email: options.mailAttribute ? first(entry, options.mailAttribute) : '', groups }
    }

    return {
      kind: 'password',
      // A bind with an empty password succeeds for everybody (RFC 4513 section 5.1.2): it is never sent.
      authenticate: async (username, password) => gate(async () => {
        if (!username || !password) throw new LoginFailure('incorrect password')
        let connection: Connection | undefined
        try {
          connection = await connect(server)
          return await identify(connection, username, password)
        } catch (error) {
          throw error instanceof LoginFailure || error instanceof ProviderFailure ? error : failureOf(error)
        } finally { connection?.close() }
      }),
      close: async () => {},
    }
  },
})
