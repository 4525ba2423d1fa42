/** Objects that facts are about. */
type Fields = Record<string, unknown>

export const cms = '/api/v1/namespaces/{ns}/configmaps'
export const secrets = '/api/v1/namespaces/{ns}/secrets'
export const services = '/api/v1/namespaces/{ns}/services'
export const pods = '/api/v1/namespaces/{ns}/pods'
export const deployments = '/apis/apps/v1/namespaces/{ns}/deployments'
export const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
export const rbac = '/apis/rbac.authorization.k8s.io/v1'

export const json = 'application/json'
export const jsonPatch = 'application/json-patch+json'
export const merge = 'application/merge-patch+json'
export const strategic = 'application/strategic-merge-patch+json'
export const apply = 'application/apply-patch+yaml'
export const table = 'application/json;as=Table;v=v1;g=meta.k8s.io'
export const partial = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io'
export const partialList = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io'

export const cm = (name: string, more: Fields = {}, metadata: Fields = {}): Fields => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, ...more })
export const secret = (name: string, more: Fields = {}): Fields => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name }, ...more })
export const container = (more: Fields = {}): Fields => ({ name: 'main', image: 'nginx:1.25', ...more })
export const pod = (name: string, spec: Fields = {}, metadata: Fields = {}): Fields => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, ...metadata }, spec: { containers: [container()], ...spec } })
export const template = (labels: Fields = { app: 'web' }, spec: Fields = {}): Fields => ({ metadata: { labels }, spec: { containers: [container()], ...spec } })
export const deployment = (name: string, spec: Fields = {}, metadata: Fields = {}): Fields => ({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, ...metadata }, spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, template: template(), ...spec } })
export const service = (name: string, spec: Fields = {}): Fields => ({ apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { selector: { app: 'web' }, ports: [{ port: 80 }], ...spec } })

/** A CustomResourceDefinition `widgets.{ns}.example.com` with one version of the given schema. */
export const crd = (properties: Fields, version: Fields = {}, spec: Fields = {}): Fields => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.{ns}.example.com' },
  spec: {
    group: '{ns}.example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList', shortNames: ['wd'] },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', properties } }, ...version }],
    ...spec,
  },
})
export const crdName = 'widgets.{ns}.example.com'
export const widgets = '/apis/{ns}.example.com/v1/namespaces/{ns}/widgets'
export const widget = (name: string, more: Fields = {}): Fields => ({ apiVersion: '{ns}.example.com/v1', kind: 'Widget', metadata: { name }, ...more })
/** The steps that define widgets and wait until they are served. */
export const defined = (properties: Fields, version: Fields = {}, spec: Fields = {}) => [
  { ask: `POST ${crds}`, body: crd(properties, version, spec), status: 201, compare: 'none' },
  { ask: `GET ${widgets}`, status: 200, until: true, compare: 'none' },
] as const
/** Withdraws them again, because a definition is in no namespace. */
export const undefined_ = { ask: `DELETE ${crds}/${crdName}`, status: 200, compare: 'none' } as const
