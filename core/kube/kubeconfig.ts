import { readFileSync, statSync } from 'node:fs'
import type { KubeConfig, User } from '@kubernetes/client-node'

/** How a cluster is reached: where, how TLS is checked, and how the server proves itself. */
export interface ClusterAccess {
  url: URL
  tls: { ca?: string | Buffer, cert?: string | Buffer, key?: string | Buffer, rejectUnauthorized: boolean, servername?: string }
  /** The Authorization header of the moment; undefined with client certificates. */
  authorization: () => string | undefined | Promise<string | undefined>
}

export interface ClusterOptions {
  /** A kubeconfig file. */
  kubeconfig?: string
  context?: string
  /** Replaces the server's address. */
  master?: string
  /** The service account that Kubernetes gives to a pod. */
  inCluster?: boolean
}

/** A token file, read again when it changes. */
function tokenFile (path: string): () => string {
  let seen = 0; let token = ''
  return () => {
    const { mtimeMs } = statSync(path)
    if (mtimeMs !== seen) { token = readFileSync(path, 'utf8').trim(); seen = mtimeMs }
    return token
  }
}

const data = (base64: string | undefined, file: string | undefined): Buffer | undefined =>
  base64 ? Buffer.from(base64, 'base64') : file ? readFileSync(file) : undefined

function authorizationOf (config: KubeConfig, user: User | null): ClusterAccess['authorization'] {
  const provider = user?.authProvider as { config?: { tokenFile?: string } } | undefined
  if (provider?.config?.tokenFile) {
    const read = tokenFile(provider.config.tokenFile)
    return () => `Bearer ${read()}`
  }
  if (user?.token) return () => `Bearer ${user.token}`
  if (user?.username) return () => `Basic ${Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64')}`
  if (!user?.exec && !user?.authProvider) return () => undefined
  // Credential plugins of the operator's own kubeconfig: the library runs and caches them.
  return async () => {
    const options: { headers?: Record<string, string> } = { headers: {} }
    await config.applyToHTTPSOptions(options as never)
    return options.headers?.Authorization
  }
}

/** Reads what is named; throws a sentence where it cannot be used. The library behind it is loaded only now, because it is large. */
export async function clusterAccess ({ kubeconfig, context, master, inCluster }: ClusterOptions): Promise<ClusterAccess> {
  const { KubeConfig } = await import('@kubernetes/client-node')
  const config = new KubeConfig()
  if (inCluster) config.loadFromCluster()
  else if (kubeconfig) config.loadFromFile(kubeconfig)
  else config.loadFromClusterAndUser({ name: 'master', server: master ?? '', skipTLSVerify: false }, { name: 'none' })
  if (context) config.setCurrentContext(context)
  const cluster = config.getCurrentCluster()
  if (!cluster) throw new Error(`kubernetes.kubeconfig: ${kubeconfig ?? 'the service account'} names no current cluster`)
  const user = config.getCurrentUser()
  const ca = data(cluster.caData, cluster.caFile)
  const cert = data(user?.certData, user?.certFile)
  const key = data(user?.keyData, user?.keyFile)
  return {
    url: new URL(master || cluster.server),
    tls: { rejectUnauthorized: !cluster.skipTLSVerify, ...(ca ? { ca } : {}), ...(cert ? { cert } : {}), ...(key ? { key } : {}), ...(cluster.tlsServerName ? { servername: cluster.tlsServerName } : {}) },
    authorization: authorizationOf(config, user),
  }
}
