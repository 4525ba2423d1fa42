import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { Type, type TObject, type TProperties } from '@sinclair/typebox'
import { isRecord } from '../core/sdk/values.js'
import { coerce, ConfigError } from './coerce.js'
import { applyEnvironment } from './env.js'
import { ConfigurationError, findConfigFile, readConfigFile, type ConfigFile } from './file.js'
import { parseFlags, type Flags } from './flags.js'
import { sections } from './sections.js'
import { ServerConfig } from './server.js'

export { ConfigurationError } from './file.js'

export interface LoadOptions {
  argv: readonly string[]
  env: NodeJS.ProcessEnv
  cwd: string
  /** Sections that groups declare; they replace ours of the same name. */
  groups?: TProperties
  /** Where a file is looked for, in this order, when none is named. */
  folders?: readonly string[]
}

export interface LoadedConfig {
  config: ServerConfig
  /** The file that was read. */
  file?: string
  flags: Flags
}

/** The whole configuration's schema: ours, what 3.x knows beside it, and what groups declare. */
export const schemaOf = (groups: TProperties = {}): TObject => Type.Object({ ...ServerConfig.properties, ...sections, ...groups })

/** Client for a laptop that nobody has configured: the one that consoles of 3.x use. */
const defaultClient = { name: 'kubesphere', secret: 'kubesphere', redirectURIs: ['*'] }

function put (values: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key = '', ...rest] = path
  const own = Object.keys(values).find(name => name.toLowerCase() === key.toLowerCase()) ?? key
  if (rest.length === 0) { values[own] = value; return }
  const inner = values[own]
  const next: Record<string, unknown> = isRecord(inner) ? { ...inner } : {}
  values[own] = next
  put(next, rest, value)
}

/** One sentence about a value that does not fit: the key, where it stands, what was found and expected. */
function sentence (error: ConfigError, file: ConfigFile | undefined, flags: Flags): ConfigurationError {
  const given = flags.values.get(error.path.join('.'))
  if (given) return new ConfigurationError(`--${given.flag}: ${JSON.stringify(given.value)} is not ${error.expected}`, 1)
  const line = file?.lineOf(error.path)
  return new ConfigurationError(`${file ? `${file.path}${line ? `:${line}` : ''}: ` : ''}${error.message}`)
}

const modes = new Set(['RBAC', 'AlwaysAllow', 'AlwaysDeny'])
const caches = new Set(['InMemoryCache', 'redis'])

/** What the schema cannot say. */
function check ({ authentication: { authenticateRateLimiterMaxTries: tries, loginHistoryMaximumEntries: entries }, authorization, cache, server, roles }: ServerConfig, hasFile: boolean, jwtSecret: string): void {
  const unless = (holds: boolean, message: string) => { if (!holds) throw new ConfigurationError(message, 1) }
  unless(tries <= entries, `authentication.authenticateRateLimiterMaxTries: ${tries} is more than loginHistoryMaximumEntries (${entries})`)
  unless(tries > 0, `authentication.authenticateRateLimiterMaxTries: ${tries} is not a number above 0`)
  unless(modes.has(authorization.mode), `authorization mode ${authorization.mode} not support: expected RBAC, AlwaysAllow or AlwaysDeny`)
  unless(caches.has(cache.type), `cache.type: ${JSON.stringify(cache.type)} is not InMemoryCache or redis`)
  for (const [key, port] of [['insecurePort', server.insecurePort], ['securePort', server.securePort]] as const) unless(port >= 0 && port <= 65_535, `server.${key}: ${port} is not a port`)
  unless(server.insecurePort !== 0 || server.securePort !== 0, 'insecure and secure port can not be disabled at the same time')
  unless(server.securePort === 0 || (server.tlsCertFile !== '' && server.tlsPrivateKey !== ''), '--secure-port needs --tls-cert-file and --tls-private-key')
  for (const key of ['tlsCertFile', 'tlsPrivateKey'] as const) unless(server[key] === '' || existsSync(server[key]), `server.${key}: ${server[key]} does not exist`)
  unless(roles.every(role => role === 'api' || role === 'reconcile') && roles.length > 0, `roles: ${JSON.stringify(roles)} may hold api and reconcile`)
  unless(!hasFile || jwtSecret !== '', 'JWT secret MUST not be empty: set authentication.jwtSecret')
}

/** Reads flags, file and environment; throws a ConfigurationError with one sentence. */
export function loadConfig ({ argv, env, cwd, groups, folders = ['/etc/kubesphere', cwd] }: LoadOptions): LoadedConfig {
  const flags = parseFlags(argv)
  if (flags.config !== undefined && !existsSync(resolve(cwd, flags.config))) throw new ConfigurationError(`--config: ${flags.config} does not exist`, 1)
  const path = flags.config !== undefined ? resolve(cwd, flags.config) : findConfigFile(folders)
  const file = path === undefined ? undefined : readConfigFile(path)
  const values = file ? applyEnvironment(file.values, env) : { authentication: { multipleLogin: true, oauthOptions: { clients: [defaultClient] } } }
  for (const [key, { value }] of flags.values) put(values, key.split('.'), value)
  let config: ServerConfig
  try {
    config = coerce(schemaOf(groups), values) as ServerConfig
  } catch (error) {
    throw error instanceof ConfigError ? sentence(error, file, flags) : error
  }
  if (flags.verbosity >= 4) config.server.logLevel = 'debug'
  check(config, file !== undefined, config.authentication.jwtSecret)
  return { config, flags, ...(path ? { file: path } : {}) }
}

/** The configuration with every default and nothing else. */
export const defaultConfig = (groups?: TProperties): ServerConfig => coerce(schemaOf(groups), {}) as ServerConfig

export type KubernetesChoice = { kind: 'embedded' } | { kind: 'kubeconfig', file: string, master: string } | { kind: 'master', master: string } | { kind: 'in-cluster' }

const tokenFile = '/var/run/secrets/kubernetes.io/serviceaccount/token'

/** A cluster is used when it is named, never because a kubeconfig lies somewhere. */
export function kubernetesOf ({ config, file }: Pick<LoadedConfig, 'config' | 'file'>, env: NodeJS.ProcessEnv): KubernetesChoice {
  const { kubeconfig, master } = config.kubernetes
  if (kubeconfig) {
    if (!existsSync(kubeconfig)) throw new ConfigurationError(`kubernetes.kubeconfig: ${kubeconfig} does not exist`, 1)
    return { kind: 'kubeconfig', file: kubeconfig, master }
  }
  if (file && env.KUBERNETES_SERVICE_HOST && existsSync(tokenFile)) return { kind: 'in-cluster' }
  return master ? { kind: 'master', master } : { kind: 'embedded' }
}
