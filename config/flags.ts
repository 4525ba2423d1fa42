import { ConfigurationError } from './file.js'

/** Flag → key. A flag that is given wins over file and environment. */
const keys: Readonly<Record<string, string>> = {
  'insecure-port': 'server.insecurePort',
  'secure-port': 'server.securePort',
  'tls-cert-file': 'server.tlsCertFile',
  'tls-private-key': 'server.tlsPrivateKey',
  'bind-address': 'server.bindAddress',
  'data-dir': 'server.dataDir',
  kubeconfig: 'kubernetes.kubeconfig',
  master: 'kubernetes.master',
  'authenticate-rate-limiter-max-retries': 'authentication.authenticateRateLimiterMaxTries',
  'authenticate-rate-limiter-duration': 'authentication.authenticateRateLimiterDuration',
  'multiple-login': 'authentication.multipleLogin',
  'jwt-secret': 'authentication.jwtSecret',
  'login-history-retention-period': 'authentication.loginHistoryRetentionPeriod',
  'login-history-maximum-entries': 'authentication.loginHistoryMaximumEntries',
  'access-token-max-age': 'authentication.oauthOptions.accessTokenMaxAge',
  'kubectl-image': 'authentication.kubectlImage',
  'maximum-clock-skew': 'authentication.maximumClockSkew',
  authorization: 'authorization.mode',
  'multiple-clusters': 'multicluster.enable',
  'proxy-publish-service': 'multicluster.proxyPublishService',
  'proxy-publish-address': 'multicluster.proxyPublishAddress',
  'agent-image': 'multicluster.agentImage',
  'cluster-controller-resync-period': 'multicluster.clusterControllerResyncPeriod',
  'host-cluster-name': 'multicluster.hostClusterName',
  'jenkins-host': 'devops.host',
  'jenkins-username': 'devops.username',
  'jenkins-password': 'devops.password',
  'jenkins-max-connections': 'devops.maxConnections',
  'sonarqube-host': 'sonarqube.host',
  'sonarqube-token': 'sonarqube.token',
  ...Object.fromEntries([['s3-', 's3.'], ['openpitrix-s3-', 'openpitrix.s3.']].flatMap(([flag, key]) => Object.entries({ endpoint: 'endpoint', region: 'region', 'access-key-id': 'accessKeyID', 'secret-access-key': 'secretAccessKey', 'session-token': 'sessionToken', bucket: 'bucket', 'disable-SSL': 'disableSSL', 'force-path-style': 'forcePathStyle' }).map(([a, b]) => [`${flag}${a}`, `${key}${b}`]))),
  'openpitrix-release-controller-options-wait-time': 'openpitrix.releaseControllerOptions.waitTime',
  'openpitrix-release-controller-options-max-concurrent': 'openpitrix.releaseControllerOptions.maxConcurrent',
  'enable-network-policy': 'network.enableNetworkPolicy',
  'ippool-type': 'network.ippoolType',
  'weave-scope-host': 'network.weaveScopeHost',
  'istio-pilot-host': 'servicemesh.istioPilotHost',
  'jaeger-query-host': 'servicemesh.jaegerQueryHost',
  'servicemesh-prometheus-host': 'servicemesh.servicemeshPrometheusHost',
  'prometheus-endpoint': 'monitoring.endpoint',
  ...Object.fromEntries(['logging', 'events', 'auditing'].flatMap(section => [...['host', 'basicAuth', 'username', 'password', 'version'].map(key => [`${section}-elasticsearch-${key}`, `${section}.${key}`]), [`${section}-index-prefix`, `${section}.indexPrefix`]])),
  'logging-export-logs-limit': 'logging.exportLogsLimit',
  'auditing-enabled': 'auditing.enable',
  'auditing-webhook-url': 'auditing.webhookUrl',
  'auditing-event-senders-num': 'auditing.eventSendersNum',
  'auditing-event-batch-size': 'auditing.eventBatchSize',
  'auditing-event-batch-interval': 'auditing.eventBatchInterval',
  'alerting-server-endpoint': 'alerting.endpoint',
  'alerting-prometheus-endpoint': 'alerting.prometheusEndpoint',
  'alerting-thanos-ruler-endpoint': 'alerting.thanosRulerEndpoint',
  'alerting-thanos-rule-resource-labels': 'alerting.thanosRuleResourceLabels',
}

/** Flags of 3.x deployments that are taken and mean nothing here, but for the verbosity. */
const ignored = new Set(['debug', 'logtostderr', 'vmodule', 'alsologtostderr', 'stderrthreshold', 'log-dir', 'log-file', 'log-file-max-size', 'skip-headers', 'skip-log-headers', 'add-dir-header', 'one-output', 'log-backtrace-at'])
/** Flags that may stand without a value. */
const switches = new Set(['multiple-login', 'multiple-clusters', 'enable-network-policy', 'auditing-enabled', 'debug', 'logtostderr', 'alsologtostderr', 'skip-headers', 'skip-log-headers', 'add-dir-header', 'one-output', 'force', ...Object.keys(keys).filter(flag => /basicAuth$|disable-SSL$|force-path-style$/.test(flag))])

export interface Flags {
  command: 'serve' | 'version' | 'help' | 'unlock' | 'reset-password'
  /** Whom a command is about; '' for the others. */
  target: string
  /** Key → given text, with the flag that gave it. */
  values: Map<string, { flag: string, value: string }>
  config?: string
  verbosity: number
  /** A snapshot that is loaded before the start; `force`: also where a store is there already. */
  restore?: string
  force: boolean
}

/** Commands about one person. */
const personal = new Set<string>(['unlock', 'reset-password'] satisfies Flags['command'][])

/** Flags that are no keys of the configuration: what they ask for is done once. */
const acts = new Set(['restore', 'force'])

const fail = (message: string): never => { throw new ConfigurationError(message, 1) }

/** Reads the command line; throws one sentence. */
export function parseFlags (argv: readonly string[]): Flags {
  const flags: Flags = { command: 'serve', target: '', values: new Map(), verbosity: 0, force: false }
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i] ?? ''
    if (personal.has(flags.command) && flags.target === '' && /^[^-]/.test(argument)) { flags.target = argument; continue }
    if (personal.has(argument) && flags.command === 'serve') { flags.command = argument as Flags['command']; continue }
    if (argument === 'version') { flags.command = 'version'; continue }
    if (argument === 'help' || argument === '--help' || argument === '-h') { flags.command = 'help'; continue }
    const found = /^--?([A-Za-z][\w-]*)(?:=(.*))?$/s.exec(argument)
    if (!found) { fail(`unknown argument: ${argument}; --help lists what is understood`); continue }
    const [, name = '', inline] = found
    const isKnown = name in keys || ignored.has(name) || acts.has(name) || name === 'config' || name === 'v'
    if (!isKnown) fail(`unknown flag: --${name}; --help lists what is understood`)
    let value = inline
    if (value === undefined) {
      const next = argv[i + 1]
      if (switches.has(name)) value = 'true'
      else if (next === undefined || next.startsWith('--')) fail(`--${name} needs a value`)
      else { value = next; i++ }
    }
    if (name === 'config') flags.config = value ?? ''
    else if (name === 'restore') flags.restore = value ?? ''
    else if (name === 'force') flags.force = value === 'true' || fail('--force takes no value')
    else if (name === 'v') flags.verbosity = /^\d+$/.test(value ?? '') ? Number(value) : fail(`--v: ${JSON.stringify(value)} is not a whole number`)
    else if (name in keys) flags.values.set(keys[name] ?? '', { flag: name, value: value ?? '' })
  }
  if (personal.has(flags.command) && flags.target === '') fail(`${flags.command} needs the name of a user`)
  if (personal.has(flags.command) && flags.restore !== undefined) fail(`--restore is for a start, not for ${flags.command}`)
  if (flags.force && flags.restore === undefined) fail('--force is for --restore: give both, or neither')
  return flags
}

/** Every flag with the key that it sets, for --help. */
export const flagKeys: readonly (readonly [string, string])[] = Object.entries(keys)
