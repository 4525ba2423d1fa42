// All that a plugin imports from the server.
export * from './group.js'
export * from './reconciler.js'
export type { Services } from './services.js'
export * from '../errors/status-error.js'
export * from '../kube/types.js'
export * from '../auth/types.js'
export type { Passwords } from '../auth/passwords.js'
export * from '../request/types.js'
