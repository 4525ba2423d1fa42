import { namespaces } from '../../plugins/kube-embedded/kinds/namespaces.js'
import type { KindRow } from '../../plugins/kube-embedded/kinds/types.js'

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']

/** A row with the common behaviour. */
export function rowOf (apiVersion: string, resource: string, kind: string, more: Partial<KindRow> = {}): KindRow {
  const slash = apiVersion.indexOf('/')
  const group = slash < 0 ? '' : apiVersion.slice(0, slash)
  return { group, version: apiVersion.slice(slash + 1), resource, singular: kind.toLowerCase(), kind, listKind: `${kind}List`, namespaced: true, shortNames: [], categories: [], bucket: `${group}/${resource}`, storageVersion: apiVersion, verbs, subresources: {}, columns: [], strategy: {}, ...more }
}

/** A handful of kinds: enough for every verb, with and without namespaces, status and scale. */
export const someKinds: readonly KindRow[] = [
  rowOf('v1', 'namespaces', 'Namespace', { namespaced: false, shortNames: ['ns'], subresources: { status: true, finalize: true }, strategy: namespaces.strategy }),
  rowOf('v1', 'configmaps', 'ConfigMap', { shortNames: ['cm'] }),
  rowOf('v1', 'serviceaccounts', 'ServiceAccount', { shortNames: ['sa'] }),
  rowOf('v1', 'pods', 'Pod', { shortNames: ['po'], categories: ['all'], subresources: { status: true }, fields: { 'status.phase': object => String((object as { status?: { phase?: string } }).status?.phase ?? '') } }),
  rowOf('v1', 'nodes', 'Node', { namespaced: false, subresources: { status: true } }),
  rowOf('apps/v1', 'deployments', 'Deployment', { shortNames: ['deploy'], categories: ['all'], subresources: { status: true, scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas', labelSelectorPath: '.spec.selector' } } }),
  rowOf('rbac.authorization.k8s.io/v1', 'clusterroles', 'ClusterRole', { namespaced: false, strategy: { names: 'path' } }),
  rowOf('apiextensions.k8s.io/v1', 'customresourcedefinitions', 'CustomResourceDefinition', { namespaced: false, shortNames: ['crd', 'crds'], subresources: { status: true } }),
]
