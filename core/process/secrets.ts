import { join } from 'node:path'
import type { ServerConfig } from '../../config/server.js'
import { keepSecret } from './files.js'

/** The configuration with a key for tokens: the operator's, or one of this data directory, made at the first start. */
export async function withJWTSecret (config: ServerConfig): Promise<ServerConfig> {
  if (config.authentication.jwtSecret) return config
  const jwtSecret = await keepSecret(config.server.dataDir, 'jwt-secret')
  return { ...config, authentication: { ...config.authentication, jwtSecret } }
}

export const inDataDir = ({ server }: ServerConfig, name: string): string => join(server.dataDir, name)
