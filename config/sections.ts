import { Type } from '@sinclair/typebox'
import { flag, int, text } from './server.js'

const search = (indexPrefix: string, what: string) => ({
  host: text('', `Elasticsearch or OpenSearch with ${what}; empty: off`),
  basicAuth: flag(false, 'Use username and password'),
  username: text('', 'User name'),
  password: text('', 'Password'),
  indexPrefix: text(indexPrefix, 'Prefix of the indexes'),
  version: text('', 'Store version; empty: found at the first use'),
})

const s3 = (defaults: { region: string, disableSSL: boolean, forcePathStyle: boolean, accessKeyID: string, secretAccessKey: string, bucket: string }) => Type.Object({
  endpoint: text('', 'Address; empty: off'),
  region: text(defaults.region, 'Region'),
  disableSSL: flag(defaults.disableSSL, 'Plain HTTP'),
  forcePathStyle: flag(defaults.forcePathStyle, 'Bucket in the path'),
  accessKeyID: text(defaults.accessKeyID, 'Access key'),
  secretAccessKey: text(defaults.secretAccessKey, 'Secret key'),
  sessionToken: text('', 'Session token'),
  bucket: text(defaults.bucket, 'Bucket'),
}, { default: {} })

/** Sections of 3.x that no group here reads yet: known, so that they are checked and that /configs/configz can tell of them. A group takes its section over when it comes. */
export const sections = {
  logging: Type.Object({ ...search('fluentbit', 'container logs'), exportLogsLimit: int(100_000, 'Most lines of an export') }, { default: {} }),
  events: Type.Object(search('ks-logstash-events', 'Kubernetes events'), { default: {} }),
  notification: Type.Object({ endpoint: text('', 'Notification manager; empty: off') }, { default: {} }),
  devops: Type.Object({ host: text('', 'Jenkins; empty: off'), username: text('', 'User name'), password: text('', 'Password'), maxConnections: int(100, 'Connections to Jenkins'), endpoint: text('', 'DevOps API server') }, { default: {} }),
  sonarqube: Type.Object({ host: text('', 'SonarQube; empty: off'), token: text('', 'Token') }, { default: {} }),
  s3: s3({ region: 'us-east-1', disableSSL: true, forcePathStyle: true, accessKeyID: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', bucket: 's2i-binaries' }),
  openpitrix: Type.Object({
    s3: s3({ region: '', disableSSL: false, forcePathStyle: false, accessKeyID: '', secretAccessKey: '', bucket: '' }),
    releaseControllerOptions: Type.Object({ maxConcurrent: int(10, 'Releases worked on at once'), waitTime: text('30s', 'Pause between looks') }, { default: {} }),
  }, { default: {} }),
  network: Type.Object({
    enableNetworkPolicy: flag(false, 'Isolate projects'),
    ippoolType: text('none', 'none or calico'),
    weaveScopeHost: text('', 'Weave Scope; empty: off'),
    nsnpOptions: Type.Object({ allowedIngressNamespaces: Type.Array(Type.String(), { default: [], description: 'Namespaces that may always call in' }) }, { default: {} }),
  }, { default: {} }),
  servicemesh: Type.Object({ istioPilotHost: text('', 'Istio'), jaegerQueryHost: text('', 'Jaeger'), kialiQueryHost: text('', 'Kiali'), servicemeshPrometheusHost: text('', 'Prometheus of the mesh') }, { default: {} }),
  kubeedge: Type.Object({ endpoint: text('', 'KubeEdge proxy target; empty: off') }, { default: {} }),
  edgeruntime: Type.Object({ endpoint: text('', 'Edge runtime proxy target; empty: off') }, { default: {} }),
  gateway: Type.Object({ watchesPath: text('', 'File'), namespace: text('', 'Where project gateways live; empty: in the project'), repository: text('', 'Image repository'), tag: text('', 'Image tag') }, { default: {} }),
  gpu: Type.Object({
    kinds: Type.Array(Type.Object({ resourceName: text('', 'Resource name'), resourceType: text('', 'Type'), default: flag(false, 'Offered first') }, { additionalProperties: true }), { default: [], description: 'GPU kinds' }),
  }, { default: {} }),
  terminal: Type.Object({ image: text('alpine:3.15', 'Image of the node shell'), timeout: int(600, 'Seconds that a node shell lives') }, { default: {} }),
  ldap: Type.Object({
    host: text('', 'Address'),
    managerDN: text('cn=admin,dc=example,dc=org', 'Manager'),
    managerPassword: text('', 'Password'),
    userSearchBase: text('ou=Users,dc=example,dc=org', 'Users'),
    groupSearchBase: text('ou=Groups,dc=example,dc=org', 'Groups'),
    initialCap: int(10, 'Not used'),
    maxCap: int(100, 'Not used'),
    poolName: text('ldap', 'Not used'),
  }, { default: {} }),
} as const
