import { defineGroup } from '../../core/sdk/index.js'
import { meteringRoutes } from './routes.js'

/** What is used, hour by hour, and what it costs. */
export default defineGroup({
  name: 'metering',
  apiGroup: 'metering.kubesphere.io',
  needs: ['metering', 'monitoring'],
  setup: services => ({ versions: { v1alpha1: app => { meteringRoutes(app, services) } } }),
})
