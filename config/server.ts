import { Type, type Static } from '@sinclair/typebox'

/** Durations are kept in milliseconds; files give Go texts (`10m0s`) or integers in nanoseconds. */
export const Duration = (fallback: string, description: string) => Type.Unsafe<number>({ type: 'string', format: 'duration', default: fallback, description })

export const text = (fallback: string, description: string) => Type.String({ default: fallback, description })
export const flag = (fallback: boolean, description: string) => Type.Boolean({ default: fallback, description })
export const int = (fallback: number, description: string) => Type.Integer({ default: fallback, description })
const texts = (fallback: string[], description: string) => Type.Array(Type.String(), { default: fallback, description })

export const OAuthClient = Type.Object({
  name: text('', 'client_id'),
  secret: text('', 'client_secret'),
  redirectURIs: texts([], 'Allowed redirect URIs, byte for byte; `*` allows every absolute http(s) URI'),
  respondWithChallenges: flag(false, 'Shown to clients; no effect'),
  grantMethod: text('', 'Shown to clients; no effect'),
  scopeRestrictions: texts([], 'Shown to clients; no effect'),
  accessTokenMaxAge: Type.Optional(Type.Integer({ description: 'Shown to clients; no effect' })),
  accessTokenInactivityTimeout: Type.Optional(Type.Integer({ description: 'Shown to clients; no effect' })),
}, { additionalProperties: true })
export type OAuthClient = Static<typeof OAuthClient>

export const IdentityProviderEntry = Type.Object({
  name: text('', 'Unique name of the provider'),
  type: text('', 'LDAPIdentityProvider, OIDCIdentityProvider, …'),
  mappingMethod: text('', 'auto or lookup'),
  disableLoginConfirmation: flag(false, 'With auto: create the user at the first login'),
  requireState: Type.Optional(Type.Boolean({ description: 'Take only log-ins that were begun here; consoles of 3.x begin them on their own' })),
  groupMapping: Type.Optional(Type.Record(Type.String(), Type.String(), { description: 'Groups by the names of the provider → groups of the platform, given and taken at each login' })),
  provider: Type.Record(Type.String(), Type.Unknown(), { default: {} }),
}, { additionalProperties: true })
export type IdentityProviderEntry = Static<typeof IdentityProviderEntry>

export const OAuthOptions = Type.Object({
  issuer: text('kubesphere', 'The `iss` claim, and the prefix of the discovery addresses'),
  signKey: text('', 'File with the RSA private key (PEM, PKCS#1) that signs id tokens'),
  signKeyData: text('', 'The same as base64 text; used when signKey is empty'),
  accessTokenMaxAge: Duration('2h', 'Life of an access token; 0: no expiry'),
  accessTokenInactivityTimeout: Duration('2h', 'A refresh token lives this much longer than an access token'),
  clients: Type.Array(OAuthClient, { default: [], description: 'OAuth clients' }),
  identityProviders: Type.Array(IdentityProviderEntry, { default: [], description: 'Identity providers' }),
}, { default: {} })

export const ServerConfig = Type.Object({
  server: Type.Object({
    bindAddress: text('', 'Address to listen on; empty: 127.0.0.1 for plain HTTP without a configuration file, all addresses otherwise'),
    insecurePort: int(9090, 'Plain HTTP port; 0: none'),
    securePort: int(0, 'TLS port; when set, only TLS is served'),
    tlsCertFile: text('', 'Certificate chain (PEM), read again when it changes'),
    tlsPrivateKey: text('', 'Private key (PEM)'),
    dataDir: text('./.data', 'Where the embedded Kubernetes keeps its data'),
    trustedProxies: texts([], 'Addresses or CIDRs whose X-Client-IP, X-Real-IP, X-Forwarded-For and X-KubeSphere-* headers are believed'),
    adminNetworks: texts([], 'CIDRs from which platform administrators can log in whatever the attempt limit says'),
    shutdownTimeout: Duration('25s', 'How long open requests may take after SIGTERM'),
    limits: Type.Object({
      inFlight: Type.Object({
        read: int(400, 'Reads under way at once; a further one is answered 429'),
        write: int(200, 'Writes under way at once'),
        perUser: int(50, 'Requests of one caller under way at once'),
      }, { default: {} }),
      streams: Type.Object({
        perUser: int(200, 'Watches, followed logs and upgraded connections of one caller'),
        total: int(12_000, 'The same, of all callers'),
      }, { default: {} }),
    }, { default: {} }),
    logLevel: text('info', 'trace, debug, info, warn, error'),
  }, { default: {} }),
  roles: texts(['api', 'reconcile'], 'What this process does'),
  bootstrap: flag(false, 'Install CRDs and built-in roles into a real cluster at the start (the embedded one always gets them)'),
  kubernetes: Type.Object({
    kubeconfig: text('', 'kubeconfig of the cluster; empty: the embedded Kubernetes, or the service account when run inside a cluster with a configuration file'),
    master: text('', 'Address of the kube-apiserver; replaces the one in the kubeconfig and in downloaded kubeconfigs'),
    qps: Type.Number({ default: 1e6, description: 'Not used: the pool bounds itself' }),
    burst: Type.Number({ default: 1e6, description: 'Not used' }),
  }, { default: {} }),
  authentication: Type.Object({
    authenticateRateLimiterMaxTries: int(5, 'Failed logins before an account is locked'),
    authenticateRateLimiterDuration: Duration('30m', 'How long failures count, and how long the lock lasts'),
    maximumClockSkew: Duration('10s', 'Tolerance for `iat`'),
    loginHistoryRetentionPeriod: Duration('168h', 'Age at which login records are deleted'),
    loginHistoryMaximumEntries: int(100, 'Login records kept per user'),
    multipleLogin: flag(false, 'false: a login ends all earlier sessions of the user'),
    jwtSecret: text('', 'HS256 key of the tokens'),
    kubectlImage: text('kubesphere/kubectl:v1.0.0', 'Image of the kubectl pods'),
    oauthOptions: OAuthOptions,
  }, { default: {} }),
  authorization: Type.Object({ mode: text('RBAC', 'RBAC, AlwaysAllow or AlwaysDeny') }, { default: {} }),
  cache: Type.Object({ type: text('InMemoryCache', 'InMemoryCache or redis'), options: Type.Record(Type.String(), Type.Unknown(), { default: {} }) }, { default: {} }),
  auditing: Type.Object({
    enable: flag(false, 'Send audit events'),
    webhookUrl: text('', 'Where audit events are posted; empty: the auditing webhook in kubesphere-logging-system'),
    eventSendersNum: int(100, 'Posts under way at once'),
    eventBatchSize: int(100, 'Events in one post'),
    eventBatchInterval: Duration('3s', 'Longest wait for a full batch'),
    host: text('', 'Elasticsearch or OpenSearch with audit events'),
    basicAuth: flag(false, 'Use username and password'),
    username: text('', 'User name'),
    password: text('', 'Password'),
    indexPrefix: text('ks-logstash-auditing', 'Prefix of the indexes'),
    version: text('', 'Store version; empty: found at the first use'),
  }, { default: {} }),
  multicluster: Type.Object({
    enable: flag(false, 'Dispatch /clusters/{cluster} requests'),
    proxyPublishService: text('', 'name[.namespace] of the tower service'),
    proxyPublishAddress: text('', 'Published address of tower'),
    agentImage: text('kubesphere/tower:v1.0', 'Image of the agent'),
    hostClusterName: text('host', 'Name of this cluster'),
    clusterName: text('', 'Name that the host knows this member by'),
    clusterRole: text('', 'host or member'),
    clusterControllerResyncPeriod: Duration('2m', 'How often clusters are probed'),
  }, { default: {} }),
  monitoring: Type.Object({ endpoint: text('', 'Prometheus; empty: off'), enableGPUMonitoring: flag(false, 'Show GPU figures') }, { default: {} }),
  metering: Type.Object({
    retentionDay: text('', 'How far back metering looks, `7d`'),
    billing: Type.Object({
      priceInfo: Type.Object({
        cpuPerCorePerHour: Type.Number({ default: 0, description: 'Price' }),
        memPerGigabytesPerHour: Type.Number({ default: 0, description: 'Price' }),
        ingressNetworkTrafficPerMegabytesPerHour: Type.Number({ default: 0, description: 'Price' }),
        egressNetworkTrafficPerMegabytesPerHour: Type.Number({ default: 0, description: 'Price' }),
        pvcPerGigabytesPerHour: Type.Number({ default: 0, description: 'Price' }),
        currencyUnit: text('', 'Currency'),
      }, { default: {} }),
    }, { default: {} }),
  }, { default: {} }),
})
export type ServerConfig = Static<typeof ServerConfig>
