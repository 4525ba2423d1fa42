import type { GroupDefinition } from '../core/sdk/index.js'
import alerting from './alerting/index.js'
import config from './config/index.js'
import iam from './iam/index.js'
import gateway from './kube-gateway/index.js'
import metering from './metering/index.js'
import monitoring from './monitoring/index.js'
import monitoringDashboard from './monitoring-dashboard/index.js'
import oauth from './oauth/index.js'
import ops from './ops/index.js'
import tenant from './tenant/index.js'

/** The groups that the server is made of. The only list of them. */
export const groups: readonly GroupDefinition[] = [ops, oauth, config, iam, tenant, metering, monitoring, monitoringDashboard, alerting, gateway]

export { createEmbeddedKubernetes } from './kube-embedded/index.js'
