import type { Endpoint, ServerConfig } from '../../core/sdk/index.js'

type Options = ServerConfig['authentication']['oauthOptions']

const secret = /password|secret/i
const nanoseconds = (ms: number): number => ms * 1e6

/** A provider's settings without what must stay here, at any depth. */
export function masked (value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).filter(([key]) => !secret.test(key)).map(([key, inner]) => [key, masked(inner)]))
}

const present = (record: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined && value !== '' && value !== false && !(Array.isArray(value) && value.length === 0)))

const clientOf = ({ name, respondWithChallenges, redirectURIs, grantMethod, scopeRestrictions, accessTokenMaxAge, accessTokenInactivityTimeout }: Options['clients'][number]) => ({
  name,
  ...present({ respondWithChallenges, redirectURIs, grantMethod, scopeRestrictions, accessTokenMaxAge, accessTokenInactivityTimeout }),
})

/** A provider's settings as consoles see them, with its resolved addresses. */
function shown (provider: unknown, endpoint: Endpoint | undefined): unknown {
  return endpoint ? { ...masked(provider) as Record<string, unknown>, endpoint } : masked(provider)
}

/** What a log-in page needs to know; no secret of a client or provider, and no key. */
export const oauthOptions = ({ issuer, accessTokenMaxAge, accessTokenInactivityTimeout, clients, identityProviders }: Options, endpointOf: (name: string) => Endpoint | undefined = () => undefined) => ({
  issuer,
  ...(identityProviders.length
    ? { identityProviders: identityProviders.map(({ name, mappingMethod, disableLoginConfirmation, type, provider }) => ({ name, mappingMethod, disableLoginConfirmation, type, provider: shown(provider, endpointOf(name)) })) }
    : {}),
  ...(clients.length ? { clients: clients.map(clientOf) } : {}),
  accessTokenMaxAge: nanoseconds(accessTokenMaxAge),
  accessTokenInactivityTimeout: nanoseconds(accessTokenInactivityTimeout),
})
