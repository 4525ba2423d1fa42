import type { MetricScope } from '../../core/sdk/index.js'

/** A path of metering, and the level of its meters. */
export interface MeteredPath {
  readonly path: string
  readonly level: MetricScope['level']
  /** The parameter that names what of the level is asked for. */
  readonly wanted?: 'applications' | 'services' | 'openpitrix_ids'
}

const row = (level: MetricScope['level'], ...paths: string[]): MeteredPath[] => paths.map(path => ({ path, level }))
const project = '/namespaces/:namespace'

export const meteredPaths: readonly MeteredPath[] = [
  ...row('cluster', '/cluster'),
  ...row('node', '/nodes', '/nodes/:node'),
  ...row('workspace', '/workspaces', '/workspaces/:workspace'),
  ...row('namespace', '/namespaces', project, '/workspaces/:workspace/namespaces', '/workspaces/:workspace/namespaces/:namespace'),
  ...row('workload', `${project}/workloads`),
  ...row('pod', `${project}/pods`, `${project}/pods/:pod`, `${project}/workloads/:workload/pods`, '/nodes/:node/pods', '/nodes/:node/pods/:pod'),
  { path: `${project}/applications`, level: 'application', wanted: 'applications' },
  { path: `${project}/services`, level: 'service', wanted: 'services' },
  // Requests for /clusters/{cluster} come here without that prefix.
  { path: `${project}/openpitrixs`, level: 'application', wanted: 'openpitrix_ids' },
]
