import { isDeepStrictEqual } from 'node:util'
import jsonPatch, { type Operation } from 'fast-json-patch'
import type { WorkspaceTemplate } from '../../schemas/tenant/kinds.js'
import { badRequest, isRecord, StatusError } from '../../core/sdk/index.js'

const most = 10_000
const kinds = new Set(['add', 'remove', 'replace', 'move', 'copy', 'test'])
const placement = '/spec/placement'

const inPlacement = (path: string): boolean => path === placement || path.startsWith(`${placement}/`)

/** The text that the kube-apiserver has for a patch that does not apply. */
const unusable = (cause?: unknown): StatusError => new StatusError({ code: 422, reason: 'Invalid', message: 'the server rejected our request due to an error in our request', cause })

function operationOf (one: unknown): Operation {
  const { op, path, from } = (isRecord(one) ? one : {}) as { op?: unknown, path?: unknown, from?: unknown }
  if (typeof op !== 'string' || !kinds.has(op) || typeof path !== 'string') throw badRequest('a JSON Patch is a list of operations with op and path')
  if ((op === 'move' || op === 'copy') && typeof from !== 'string') throw badRequest(`the operation ${op} needs from`)
  return one as Operation
}

/** Placement is changed by adding and removing, with an object that says what: as clients of 3.x do. */
function checkPlacement (operation: Operation): void {
  if (operation.op !== 'add' && operation.op !== 'remove') throw badRequest('not support operation type')
  if (!isRecord((operation as { value?: unknown }).value)) throw badRequest(`the operation ${operation.op} at ${operation.path.slice(0, 256)} needs an object as value`)
}

export interface Change {
  /** Looks at, or changes, anything but the placement. */
  managesTemplate: boolean
  /**
   * The template as it would be; undefined where nothing changes. A patch that does not apply is a 422; who may not know what is stored is not told
   * that the patch fits it or not.
   */
  apply (template: WorkspaceTemplate, knows: boolean): WorkspaceTemplate | undefined
}

/** Reads a JSON Patch of a workspace, whatever its content type. */
export function changeOf (body: unknown): Change {
  if (body === undefined) throw badRequest('EOF')
  if (!Array.isArray(body)) throw badRequest('the body must be a JSON Patch: a list of operations')
  if (body.length > most) throw badRequest(`a JSON Patch may have ${most} operations`)
  const operations = body.map(operationOf)
  for (const operation of operations) if (inPlacement(operation.path)) checkPlacement(operation)
  return {
    managesTemplate: operations.some(({ path }) => !inPlacement(path)),
    apply (template, knows) {
      let changed: WorkspaceTemplate
      try { changed = jsonPatch.applyPatch(template, structuredClone(operations), true, false, true).newDocument } catch (error) {
        throw knows ? unusable(error) : new StatusError({ code: 403, reason: 'Forbidden', message: `workspacetemplates.tenant.kubesphere.io "${template.metadata.name}" is forbidden: `, cause: error })
      }
      if (!isRecord(changed) || !isRecord(changed.metadata)) throw unusable()
      return isDeepStrictEqual(changed, template) ? undefined : changed
    },
  }
}
