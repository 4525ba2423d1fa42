import { Type } from '@sinclair/typebox'
import { Anything, definitionOf, fields, LabelSelector, mapOf, Nothing, optional, Quantity, text, Texts, Time, type PrinterColumn } from '../kube/crd.js'
import { clusters, workspaceQuotas, workspaces, workspaceTemplates } from './kinds.js'

const WorkspaceSpec = fields({ manager: optional(text), networkIsolation: optional(Type.Boolean()) })

const TemplateSpec = fields({
  placement: fields({
    clusters: optional(Type.Array(fields({ name: text }), { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] })),
    clusterSelector: optional(LabelSelector),
  }),
  template: fields({ metadata: optional(Nothing), spec: optional(WorkspaceSpec) }),
  overrides: optional(Type.Array(fields({
    clusterName: text,
    clusterOverrides: optional(Type.Array(fields({ path: text, op: optional(text), value: optional(Anything) }))),
  }))),
})

const ClusterSpec = fields({
  joinFederation: optional(Type.Boolean()),
  enable: optional(Type.Boolean()),
  provider: optional(text),
  externalKubeAPIEnabled: optional(Type.Boolean()),
  connection: optional(fields({
    type: optional(text),
    kubernetesAPIEndpoint: optional(text),
    kubesphereAPIEndpoint: optional(text),
    externalKubernetesAPIEndpoint: optional(text),
    token: optional(text),
    kubeconfig: optional(Type.String({ format: 'byte' })),
    kubernetesAPIServerPort: optional(Type.Integer()),
    kubesphereAPIServerPort: optional(Type.Integer()),
  })),
})
const ClusterStatus = fields({
  conditions: optional(Type.Array(fields({ type: text, status: text, reason: optional(text), message: optional(text), lastUpdateTime: optional(Time), lastTransitionTime: optional(Time) }))),
  kubernetesVersion: optional(text),
  kubeSphereVersion: optional(text),
  nodeCount: optional(Type.Integer()),
  zones: optional(Texts),
  region: optional(text),
  configz: optional(mapOf(Type.Boolean())),
  uid: optional(text),
})

const amounts = { hard: optional(mapOf(Quantity)), used: optional(mapOf(Quantity)) }
const QuotaSpec = fields({
  selector: mapOf(text),
  quota: fields({
    hard: optional(mapOf(Quantity)),
    scopes: optional(Texts),
    scopeSelector: optional(fields({ matchExpressions: optional(Type.Array(fields({ scopeName: text, operator: text, values: optional(Texts) }))) }, { 'x-kubernetes-map-type': 'atomic' })),
  }),
})
const QuotaStatus = fields({ total: fields(amounts), namespaces: Type.Array(fields({ namespace: text, ...amounts })) })

const clusterColumns: PrinterColumn[] = [
  { name: 'Federated', type: 'boolean', jsonPath: '.spec.joinFederation' },
  { name: 'Provider', type: 'string', jsonPath: '.spec.provider' },
  { name: 'Active', type: 'boolean', jsonPath: '.spec.enable' },
  { name: 'Version', type: 'string', jsonPath: '.status.kubernetesVersion' },
]

/** The CustomResourceDefinitions that workspaces need. */
export const tenantDefinitions = [
  definitionOf(workspaceTemplates, { properties: { spec: optional(TemplateSpec) }, categories: ['tenant'] }),
  definitionOf(workspaces, { properties: { spec: optional(WorkspaceSpec), status: optional(Nothing) }, categories: ['tenant'] }),
  definitionOf(clusters, { properties: { spec: optional(ClusterSpec), status: optional(ClusterStatus) }, columns: clusterColumns }),
  definitionOf(workspaceQuotas, { properties: { spec: QuotaSpec, status: optional(QuotaStatus) }, categories: ['quota'], statusSubresource: true }),
]
