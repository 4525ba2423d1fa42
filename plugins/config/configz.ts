import type { ServerConfig } from '../../core/sdk/index.js'

type Section = Record<string, unknown>

/** Which parts of the platform are configured, by the names that consoles of 3.x know, in their order. */
export function configz (config: ServerConfig): Record<string, boolean> {
  const section = (name: string): Section => (config as unknown as Record<string, Section | undefined>)[name] ?? {}
  const set = (name: string, ...keys: string[]): boolean => keys.some(key => Boolean(section(name)[key]))
  const network = section('network')
  const ippool = network.ippoolType !== 'none'
  const topology = set('network', 'weaveScopeHost')
  const networked = network.enableNetworkPolicy === true || ippool || topology
  const appStore = section('openpitrix').s3 as { endpoint?: string } | undefined
  const gpuKinds = section('gpu').kinds as unknown[] | undefined

  return {
    alerting: set('alerting', 'endpoint', 'prometheusEndpoint', 'thanosRulerEndpoint'),
    auditing: config.auditing.host !== '',
    authentication: true,
    authorization: true,
    cache: true,
    devops: set('devops', 'host'),
    edgeruntime: set('edgeruntime', 'endpoint'),
    events: set('events', 'host'),
    gateway: true,
    gpu: (gpuKinds?.length ?? 0) > 0,
    kubeedge: set('kubeedge', 'endpoint'),
    kubernetes: true,
    logging: set('logging', 'host'),
    metering: true,
    monitoring: set('monitoring', 'endpoint'),
    multicluster: config.multicluster.enable,
    network: networked && network.enableNetworkPolicy === true,
    'network.ippool': networked && ippool,
    ...(networked ? { 'network.topology': topology } : {}),
    notification: set('notification', 'endpoint'),
    openpitrix: true,
    'openpitrix.appstore': Boolean(appStore?.endpoint),
    s3: set('s3', 'endpoint'),
    servicemesh: set('servicemesh', 'istioPilotHost', 'servicemeshPrometheusHost', 'jaegerQueryHost'),
    sonarqube: set('sonarqube', 'host'),
    terminal: true,
  }
}
