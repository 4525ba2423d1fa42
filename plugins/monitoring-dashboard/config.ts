import { Type, type Static } from '@sinclair/typebox'
import { flag } from '../../config/server.js'

const texts = (description: string) => Type.Array(Type.String(), { default: [], description })

/** The group's slice of kubesphere.yaml. */
export const DashboardsConfig = Type.Object({
  dashboards: Type.Object({
    importFromURL: flag(true, 'Import Grafana dashboards from an address, not only from their content'),
    allowedHosts: texts('Hosts, `name` or `name:port`, that dashboards are imported from whatever their addresses are'),
    allowedNetworks: texts('Addresses or CIDRs beside the public ones that dashboards are imported from'),
    deniedNetworks: texts('Addresses or CIDRs among the public ones that they are not: the ranges of pods and services where those are public'),
  }, { default: {} }),
})
export type ImportConfig = Static<typeof DashboardsConfig>['dashboards']
