import type { Logger } from 'pino'
import type { IdentityProviderEntry } from '../../../config/server.js'
import { aliyunIDaaS } from './aliyun-idaas.js'
import { cas } from './cas.js'
import { github } from './github.js'
import { gitlab } from './gitlab.js'
import { ldap } from './ldap.js'
import { oidc } from './oidc.js'
import { OptionError, readOptions } from './options.js'
import type { Provider, ProviderType } from './types.js'

/** The only list of them. */
const types: readonly ProviderType[] = [ldap, oidc, github, gitlab, cas, aliyunIDaaS]

/** A provider with what the configuration says of the people who come from it. */
export interface ConfiguredProvider { readonly entry: IdentityProviderEntry, readonly provider: Provider }

export interface Providers {
  find (name: string): ConfiguredProvider | undefined
  close (): Promise<void>
}

const key = 'authentication.oauthOptions.identityProviders'
const byType = new Map(types.map(one => [one.type, one]))

function checkEntry ({ name, type, groupMapping = {} }: IdentityProviderEntry, i: number, earlier: ReadonlyMap<string, unknown>): void {
  const at = `${key}[${i}]`
  if (!name) throw new Error(`${at}.name: expected a text that is not empty`)
  if (earlier.has(name)) throw new Error(`${at}.name: ${JSON.stringify(name)} is the name of another identity provider already`)
  if (!byType.has(type)) throw new Error(`${at}.type: ${JSON.stringify(type)} is not supported: expected ${[...byType.keys()].join(', ')}`)
  const wrong = Object.entries(groupMapping).find(([, group]) => typeof group !== 'string' || group === '' || group.startsWith('system:'))
  if (wrong) throw new Error(`${at}.groupMapping: ${JSON.stringify(wrong[0])} must lead to the name of a group, not of Kubernetes' own`)
}

function create (entry: IdentityProviderEntry, i: number, log: Logger, now: () => number): Provider {
  const type = byType.get(entry.type) as ProviderType
  try {
    return type.create(readOptions(type.options, entry.provider), { log: log.child({ identityProvider: entry.name }), wantsGroups: Object.keys(entry.groupMapping ?? {}).length > 0, now })
  } catch (error) {
    throw error instanceof OptionError ? new Error(`${key}[${i}] (${entry.name}): ${error.message}`) : error
  }
}

/** Makes the configured providers. An option that does not fit throws one sentence; a provider that cannot be reached does not: it is tried again at its next use. */
export function createProviders ({ entries, log, now }: { entries: readonly IdentityProviderEntry[], log: Logger, now: () => number }): Providers {
  const providers = new Map<string, ConfiguredProvider>()
  const close = async (): Promise<void> => { await Promise.all([...providers.values()].map(({ provider }) => provider.close())) }
  try {
    for (const [i, entry] of entries.entries()) {
      checkEntry(entry, i, providers)
      providers.set(entry.name, { entry, provider: create(entry, i, log, now) })
    }
  } catch (error) {
    void close()
    throw error
  }
  return { find: name => providers.get(name), close }
}
