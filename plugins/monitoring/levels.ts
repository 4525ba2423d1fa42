/** A path, the level of its metrics, and the label that its rows are sorted by; '' where nothing is sorted. */
export interface LevelPath {
  readonly path: string
  /** Undefined: the component that the path names. */
  readonly level: string | undefined
  readonly identifier: string
  /** Answers counts of the workspace's objects for `type=statistics`. */
  readonly statistics?: true
}

const row = (level: string, identifier: string, ...paths: string[]): LevelPath[] => paths.map(path => ({ path, level, identifier }))
const project = '/namespaces/:namespace'

/** What can be asked of the cluster and of what is in it. */
export const levelPaths: readonly LevelPath[] = [
  ...row('cluster', '', '/cluster'),
  ...row('node', 'node', '/nodes', '/nodes/:node'),
  ...row('workspace', 'workspace', '/workspaces', '/workspaces/:workspace').map(one => ({ ...one, statistics: true as const })),
  ...row('namespace', 'namespace', '/workspaces/:workspace/namespaces', '/namespaces', project),
  ...row('workload', 'workload', `${project}/workloads`, `${project}/workloads/:kind`),
  ...row('pod', 'pod', '/pods', `${project}/pods`, `${project}/pods/:pod`, `${project}/workloads/:kind/:workload/pods`, '/nodes/:node/pods', '/nodes/:node/pods/:pod'),
  ...row('container', 'container', `${project}/pods/:pod/containers`, `${project}/pods/:pod/containers/:container`),
  ...row('pvc', 'persistentvolumeclaim', '/storageclasses/:storageclass/persistentvolumeclaims', `${project}/persistentvolumeclaims`, `${project}/persistentvolumeclaims/:pvc`),
  ...row('ingress', 'ingress', `${project}/ingresses`, `${project}/ingresses/:ingress`),
  { path: '/components/:component', level: undefined, identifier: '' },
]
