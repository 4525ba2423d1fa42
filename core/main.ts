import { existsSync, readFileSync } from 'node:fs'
import type { Logger } from 'pino'
import { ConfigurationError, kubernetesOf, loadConfig, type KubernetesChoice, type LoadedConfig } from '../config/load.js'
import type { ServerConfig } from '../config/server.js'
import { createEmbeddedKubernetes, groups } from '../plugins/index.js'
import { createKube } from './kube/client.js'
import { createRemoteTransport } from './kube/remote.js'
import type { KubeTransport } from './kube/types.js'
import { certificateFile, keepCertificate } from './process/certificate.js'
import { runCommand } from './process/commands.js'
import { boundMemory } from './process/heap.js'
import { help, version } from './process/help.js'
import { createInstance, type Instance } from './process/instance.js'
import { listen, type Certificate, type Listener } from './process/listener.js'
import { createLog } from './process/log.js'
import { inDataDir, withJWTSecret } from './process/secrets.js'
import { watchFiles } from './process/watch-files.js'
import { configOf } from './sdk/collect.js'

boundMemory()

const say = (line: string): void => { process.stdout.write(`${line}\n`) }
const load = (): LoadedConfig => loadConfig({ argv: process.argv.slice(2), env: process.env, cwd: process.cwd(), groups: configOf(groups) })

interface Reached { transport: KubeTransport, notices: string[] }

/** The Kubernetes that this server stands on; above it nothing knows which one it is. */
async function reach (choice: KubernetesChoice, config: ServerConfig, log: Logger): Promise<Reached> {
  if (choice.kind === 'embedded') {
    const embedded = await createEmbeddedKubernetes({ dataDir: config.server.dataDir, log })
    const { kubeconfig } = await embedded.listen()
    return { transport: embedded.transport, notices: [`embedded Kubernetes: kubectl --kubeconfig ${kubeconfig}`] }
  }
  const transport = await createRemoteTransport({
    ...(choice.kind === 'kubeconfig' ? { kubeconfig: choice.file } : {}),
    ...(choice.kind !== 'in-cluster' && choice.master ? { master: choice.master } : {}),
    ...(choice.kind === 'in-cluster' ? { inCluster: true } : {}),
  })
  return { transport, notices: [] }
}

/** The same for a command: nobody is let in, and a data directory is not begun. */
async function reachForCommand (choice: KubernetesChoice, config: ServerConfig, log: Logger): Promise<KubeTransport> {
  if (choice.kind !== 'embedded') return (await reach(choice, config, log)).transport
  const { dataDir } = config.server
  if (!existsSync(inDataDir(config, 'store.mdb'))) throw new ConfigurationError(`there is no store in the data directory ${dataDir}: name it with --data-dir, or a cluster with --kubeconfig`, 1)
  return (await createEmbeddedKubernetes({ dataDir, log })).transport
}

/** Loads a snapshot into the data directory before anything is opened there. */
async function restore ({ flags, config }: LoadedConfig, choice: KubernetesChoice): Promise<void> {
  if (flags.restore === undefined) return
  if (choice.kind !== 'embedded') throw new ConfigurationError('--restore is for the embedded Kubernetes: this configuration names a cluster', 1)
  const { restoreDirectory } = await import('../plugins/kube-embedded/storage/restore.js')
  const { objects, revision, aside } = await restoreDirectory(config.server.dataDir, flags.restore, flags).catch((error: unknown) => { throw new ConfigurationError(`--restore: ${(error as Error).message}`, 1) })
  say(`restored ${objects} objects of ${flags.restore}; revisions go on behind ${revision}${aside ? `; the old store is ${aside}` : ''}`)
}

const readCertificate = ({ server }: ServerConfig): Certificate => ({ cert: readFileSync(server.tlsCertFile), key: readFileSync(server.tlsPrivateKey) })

/** One port: TLS where it is configured; else plain HTTP, and on a laptop TLS beside it, because kubectl sends tokens over nothing else. */
async function open (config: ServerConfig, hasFile: boolean, embedded: boolean, instance: Instance): Promise<{ listener: Listener, notices: string[] }> {
  const { securePort, insecurePort, bindAddress, dataDir } = config.server
  const handler = () => instance
  if (securePort) {
    const host = bindAddress || '0.0.0.0'
    const listener = await listen({ host, port: securePort, protocol: 'tls', certificate: readCertificate(config), handler })
    return { listener, notices: [`serving on https://${host}:${listener.port}`] }
  }
  const host = bindAddress || (hasFile ? '0.0.0.0' : '127.0.0.1')
  const both = embedded && host === '127.0.0.1'
  const certificate = both ? await keepCertificate(dataDir, Date.now()) : undefined
  const listener = await listen({ host, port: insecurePort, protocol: both ? 'both' : 'plain', ...(certificate ? { certificate } : {}), handler })
  const forKubectl = both ? [`for kubectl: https://${host}:${listener.port} with --certificate-authority ${inDataDir(config, certificateFile)}`] : []
  return { listener, notices: [`serving on http://${host}:${listener.port}`, ...forKubectl] }
}

/** What a running process cannot change, compared as text. */
const fixed = (config: ServerConfig, choice: KubernetesChoice): string => {
  const { bindAddress, insecurePort, securePort, dataDir } = config.server
  return JSON.stringify([bindAddress, insecurePort, securePort, dataDir, choice])
}

/** Takes up a changed configuration file once it is valid, and changed certificates. */
function follow (loaded: LoadedConfig, choice: KubernetesChoice, instance: Instance, listener: Listener, log: Logger): () => void {
  let current = loaded
  const { tlsCertFile, tlsPrivateKey, securePort } = loaded.config.server
  const stops = [
    ...(loaded.file
      ? [watchFiles([loaded.file], async () => {
          try {
            const next = load()
            if (fixed(next.config, kubernetesOf(next, process.env)) !== fixed(current.config, choice)) log.warn('addresses, the data directory and the choice of Kubernetes change at the next start')
            await instance.replace({ ...await withJWTSecret(next.config), bootstrap: next.config.bootstrap || choice.kind === 'embedded' })
            log.level = next.config.server.logLevel
            current = next
            log.info({ file: loaded.file }, 'the changed configuration is in force')
          } catch (error) {
            log.error({ reason: (error as Error).message }, 'the changed configuration is not taken up: the old one stays in force')
          }
        })]
      : []),
    ...(securePort
      ? [watchFiles([tlsCertFile, tlsPrivateKey], async () => {
          try {
            listener.setCertificate(readCertificate(loaded.config))
            log.info('the changed certificate is in force')
          } catch (error) {
            log.error({ reason: (error as Error).message }, 'the changed certificate is not taken up: the old one stays in force')
          }
        })]
      : []),
  ]
  return () => { for (const stop of stops) stop() }
}

/** Resolves with the first signal to end; the second one ends the process at once. */
const signalled = (): Promise<NodeJS.Signals> => new Promise(resolve => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      resolve(signal)
      process.once(signal, () => process.exit(1))
    })
  }
})

async function serve (loaded: LoadedConfig): Promise<void> {
  const ending = signalled()
  const log = createLog(loaded.config.server.logLevel)
  const choice = kubernetesOf(loaded, process.env)
  const embedded = choice.kind === 'embedded'
  await restore(loaded, choice)
  const { transport, notices } = await reach(choice, loaded.config, log)
  const config: ServerConfig = { ...await withJWTSecret(loaded.config), bootstrap: loaded.config.bootstrap || embedded }
  const kube = createKube({ transport, log })
  const instance = await createInstance({ config, groups, kube, log })
  const { listener, notices: addresses } = await open(config, loaded.file !== undefined, embedded, instance)
  for (const line of [...addresses, ...instance.notices, ...notices]) say(line)

  const unfollow = follow(loaded, choice, instance, listener, log)
  log.info({ signal: await ending }, 'on the way down')
  unfollow()
  instance.drain()
  listener.drain()
  await instance.close()
  await listener.close()
  await kube.close()
  await transport.close()
}

async function act (loaded: LoadedConfig): Promise<void> {
  const { config, flags: { command, target } } = loaded
  const log = createLog('silent')
  const transport = await reachForCommand(kubernetesOf(loaded, process.env), config, log)
  const kube = createKube({ transport, log })
  try {
    for (const line of await runCommand(command, target, { kube, config, groups, log })) say(line)
  } catch (error) {
    throw new ConfigurationError((error as Error).message, 1)
  } finally {
    await kube.close()
    await transport.close()
  }
}

try {
  const loaded = load()
  if (loaded.flags.command === 'version') say(version)
  else if (loaded.flags.command === 'help') process.stdout.write(help())
  else if (loaded.flags.command === 'serve') await serve(loaded)
  else await act(loaded)
  process.exit(0)
} catch (error) {
  process.stderr.write(`${error instanceof ConfigurationError || (error as { code?: unknown }).code === undefined ? (error as Error).message : (error as Error).stack ?? String(error)}\n`)
  process.exit(error instanceof ConfigurationError ? error.exitCode : 1)
}
