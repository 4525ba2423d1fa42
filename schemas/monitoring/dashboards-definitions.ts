import type { TSchema } from '@sinclair/typebox'
import { definitionOf, optional } from '../kube/crd.js'
import type { Kind, KubeObject } from '../kube/object.js'
import { clusterDashboards, dashboards, DashboardSpec, OldDashboardSpec } from './dashboards.js'

interface Definition extends KubeObject { spec: { versions: { name: string, storage: boolean }[] } }

/** Both versions of a kind of dashboards; the newer one is stored, the older one reads its part of the same fields. */
function inBothVersions (kind: Kind, statusSubresource: boolean): KubeObject {
  const definition = (version: string, spec: TSchema) => definitionOf({ ...kind, version }, { properties: { spec: optional(spec) }, statusSubresource }) as Definition
  const [older, newer] = [definition('v1alpha1', OldDashboardSpec), definition('v1alpha2', DashboardSpec)]
  const versions = [...older.spec.versions.map(one => ({ ...one, storage: false })), ...newer.spec.versions]
  return { ...newer, spec: { ...newer.spec, versions } } as KubeObject
}

/** The CustomResourceDefinitions of custom dashboards. As installed with 3.x: only the namespaced kind has a status path. */
export const dashboardDefinitions = [inBothVersions(dashboards, true), inBothVersions(clusterDashboards, false)]
