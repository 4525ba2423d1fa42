/** Manifests as text for stdin, each as JSON, which is YAML. */
export const documents = (...objects: readonly unknown[]) => objects.map(object => JSON.stringify(object)).join('\n---\n')

export const configMap = (name: string, data: Record<string, unknown>, more: Record<string, unknown> = {}) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...more }, data })

const labels = { app: 'web' }
const container = (image: string) => ({ name: 'main', image, ports: [{ containerPort: 80, name: 'http' }], resources: { requests: { cpu: '100m', memory: '1Gi' } }, env: [{ name: 'MODE', value: 'fast' }] })

export const deployment = ({ image = 'nginx:1.25', replicas = 2, more = {} as Record<string, unknown> } = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels },
  spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [container(image)] } }, ...more },
})

export const statefulSet = { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'db' }, spec: { serviceName: 'db', replicas: 1, selector: { matchLabels: { app: 'db' } }, template: { metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'db', image: 'postgres:16' }] } } } }

export const daemonSet = { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'agent' }, spec: { selector: { matchLabels: { app: 'agent' } }, template: { metadata: { labels: { app: 'agent' } }, spec: { containers: [{ name: 'agent', image: 'agent:1' }] } } } }

export const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'front', labels }, spec: { selector: labels, ports: [{ name: 'http', port: 80, targetPort: 'http' }] } }

export const volumeClaim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'disk' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } }

export const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'worker', labels: { 'kubernetes.io/hostname': 'worker' } } }

export const pod = (name: string, more: Record<string, unknown> = {}) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, labels: { run: name } }, spec: { containers: [{ name, image: 'busybox:1', command: ['sleep', '1d'] }], ...more } })

export const event = (namespace: string) => ({ apiVersion: 'v1', kind: 'Event', metadata: { name: 'web.1' }, involvedObject: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace }, reason: 'Tested', message: 'the test wrote this', type: 'Normal', source: { component: 'test' }, count: 1, firstTimestamp: '2026-01-01T00:00:00Z', lastTimestamp: '2026-01-01T00:00:00Z' })

const versionOf = (properties: Record<string, unknown>) => ({
  name: 'v1',
  served: true,
  storage: true,
  schema: { openAPIV3Schema: { type: 'object', properties } },
  subresources: { status: {}, scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' } },
  additionalPrinterColumns: [{ name: 'Size', type: 'string', jsonPath: '.spec.size' }, { name: 'Replicas', type: 'integer', jsonPath: '.spec.replicas' }, { name: 'Color', type: 'string', jsonPath: '.spec.color', priority: 1 }, { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' }],
})

const toySpec = {
  type: 'object',
  required: ['size'],
  properties: {
    size: { type: 'string', enum: ['small', 'large'], description: 'How large the toy is.' },
    replicas: { type: 'integer', minimum: 0, maximum: 10, default: 1 },
    color: { type: 'string', pattern: '^[a-z]+$' },
    parts: { type: 'array', items: { type: 'object', required: ['name'], properties: { name: { type: 'string' }, count: { type: 'integer' } } }, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] },
  },
  'x-kubernetes-validations': [{ rule: 'self.size != "small" || self.replicas < 5', message: 'small toys come in fewer than five' }],
}

export const toys = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'toys.real.example.com' },
  spec: { group: 'real.example.com', scope: 'Namespaced', names: { plural: 'toys', singular: 'toy', kind: 'Toy', shortNames: ['ty'], categories: ['all'] }, versions: [versionOf({ spec: toySpec, status: { type: 'object', properties: { replicas: { type: 'integer' } } } })] },
}

export const toy = (name: string, spec: Record<string, unknown>) => ({ apiVersion: 'real.example.com/v1', kind: 'Toy', metadata: { name }, spec })

export const mirrors = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'mirrors.real.example.com' },
  spec: { group: 'real.example.com', scope: 'Namespaced', names: { plural: 'mirrors', singular: 'mirror', kind: 'Mirror', listKind: 'MirrorList' }, versions: [{ name: 'v1', served: true, storage: true, subresources: { status: {} }, schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object' }, status: { type: 'object', properties: { seen: { type: 'integer' }, last: { type: 'string' } } } } } } }] },
}
