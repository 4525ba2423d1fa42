import { workspaces, workspaceTemplates, type Workspace, type WorkspaceTemplate } from '../../schemas/tenant/kinds.js'
import type { SeedObject } from '../../core/sdk/index.js'
import { systemWorkspace as name } from './workspaces.js'

const spec = { manager: 'admin', networkIsolation: false }
const creator = { 'kubesphere.io/creator': 'admin' }
// As installers of 3.x write it: consoles show the text.
const description = 'system-workspace is a built-in workspace automatically created by KubeSphere. It contains all system components to run KubeSphere.'

const template: WorkspaceTemplate = {
  metadata: { name, labels: { 'kubefed.io/managed': 'false' }, annotations: { ...creator, 'kubesphere.io/description': description } },
  spec: { placement: { clusterSelector: {} }, template: { spec } },
}
const workspace: Workspace = { metadata: { name, annotations: creator }, spec }

/** The workspace of the platform itself. */
export const systemSeeds: readonly SeedObject[] = [
  { kind: workspaceTemplates, object: template, policy: 'keep' },
  { kind: workspaces, object: workspace, policy: 'keep' },
]
