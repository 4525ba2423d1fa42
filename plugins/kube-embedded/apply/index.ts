// Server-side apply and the ownership of fields, as structured-merge-diff v6 and Kubernetes 1.34 do it.
export { applyObject, type ApplyBy } from './apply.js'
export type { By } from './changes.js'
export { ApplyConflict } from './conflicts.js'
export type { ManagedFieldsEntry } from './managers.js'
export type { Schema } from './nodes.js'
export { trackUpdate } from './update.js'
