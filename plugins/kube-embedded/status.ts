import { invalid, StatusError, textError, type Status, type StatusCause, type StatusErrorOptions } from '../../core/sdk/index.js'
import type { KindRow } from './kinds/types.js'

interface Grouped { readonly group: string, readonly storageVersion?: string }

/** The group in which a kind is stored: what is one kind in two groups goes by the one in errors. */
const homeOf = ({ group, storageVersion = `${group}/` }: Grouped): string => storageVersion.slice(0, Math.max(0, storageVersion.indexOf('/')))

/** `deployments.apps`, as errors name a resource. */
export const resourceName = (row: Grouped & Pick<KindRow, 'resource'>) => homeOf(row) ? `${row.resource}.${homeOf(row)}` : row.resource
/** `Deployment.apps`, as validation names a kind. */
export const kindName = (row: Grouped & Pick<KindRow, 'kind'>) => homeOf(row) ? `${row.kind}.${homeOf(row)}` : row.kind
export const apiVersion = ({ group, version }: { group: string, version: string }) => group ? `${group}/${version}` : version

/** The answer to paths outside the groups that are served. */
export const noSuchPath = () => textError(404, '404 page not found')

/** The answer to resources that nobody serves, in a group that is. */
export const noSuchResource = () =>
  new StatusError({ code: 404, reason: 'NotFound', message: 'the server could not find the requested resource', details: {}, form: 'status' })

export const noSuchMethod = () =>
  new StatusError({ code: 405, reason: 'MethodNotAllowed', message: 'the server does not allow this method on the requested resource', details: {} })

/** Bad query or body options: `kind` is ListOptions, DeleteOptions, PatchOptions. */
export const invalidOptions = (kind: string, field: string, reason: string, message: string) =>
  invalid(`${kind}.meta.k8s.io`, '', [{ reason, message, field }])

export const tooLargeRevision = (asked: number, current: number) => new StatusError({
  code: 504,
  reason: 'Timeout',
  message: `Timeout: Too large resource version: ${asked}, current: ${current}`,
  details: { causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }], retryAfterSeconds: 1 },
  headers: { 'retry-after': '1' },
})

/** A continue token whose snapshot is gone; `token` goes on at the newest state. */
export class ExpiredList extends StatusError {
  constructor (readonly token: string) {
    super({ code: 410, reason: 'Expired', message: expired } satisfies StatusErrorOptions)
  }

  override toStatus (): Status { return { ...super.toStatus(), metadata: { continue: this.token } } }
}

const expired = 'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list. Objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.'

/** Refuses a change as admission does: 403 with causes. */
export const refused = (row: Pick<KindRow, 'group' | 'resource'>, name: string, why: string, causes?: StatusCause[]) => new StatusError({
  code: 403,
  reason: 'Forbidden',
  message: `${resourceName(row)} "${name}" is forbidden: ${why}`,
  details: { name, ...(row.group ? { group: row.group } : {}), kind: row.resource, ...(causes ? { causes } : {}) },
})

/** Nothing runs behind this API: no kubelet, no node. */
export const nothingRuns = (what: string) => new StatusError({
  code: 501,
  reason: 'NotImplemented',
  message: `${what} is not available: this is an embedded Kubernetes API without nodes, nothing runs here`,
})

export const success = (details: Status['details']): Status => ({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', ...(details ? { details } : {}) })
