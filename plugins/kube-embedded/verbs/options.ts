import { badRequest, isRecord, type DeleteOptions } from '../../../core/sdk/index.js'
import type { FieldValidation, WriteOptions } from '../admission.js'
import { parseBody } from '../body.js'
import { header, type Exchange } from '../exchange.js'
import { invalidOptions } from '../status.js'
import type { Removal } from '../writes.js'

function dryRunOf (values: readonly unknown[], kind: string): boolean {
  const wrong = values.find(value => value !== 'All')
  if (wrong !== undefined) throw invalidOptions(kind, 'dryRun', 'FieldValueNotSupported', `Unsupported value: ${JSON.stringify(values)}: supported values: "All"`)
  return values.length > 0
}

/** Who writes: the manager that is named, or the client by the first word of its User-Agent. */
function managerOf (exchange: Exchange, kind: string): string {
  const named = exchange.query.get('fieldManager') ?? ''
  if (named.length > 128) throw invalidOptions(kind, 'fieldManager', 'FieldValueTooLong', 'Too long: may not be more than 128 bytes')
  // eslint-disable-next-line no-control-regex
  const odd = /[\u0000-\u001f\u007f-\u009f]/.exec(named)
  if (odd) throw invalidOptions(kind, 'fieldManager', 'FieldValueInvalid', `Invalid value: ${JSON.stringify(named)}: should only contain printable characters`)
  return named || header(exchange, 'user-agent').split('/')[0]!.slice(0, 128) || 'unknown'
}

/** dryRun, fieldValidation and fieldManager of a create, update or patch. */
export function writeOptions (exchange: Exchange, kind: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions'): WriteOptions {
  const { query } = exchange
  const fieldValidation = query.get('fieldValidation') || 'Warn'
  if (fieldValidation !== 'Strict' && fieldValidation !== 'Warn' && fieldValidation !== 'Ignore') {
    throw invalidOptions(kind, 'fieldValidation', 'FieldValueNotSupported', `Unsupported value: ${JSON.stringify(fieldValidation)}: supported values: "", "Ignore", "Strict", "Warn"`)
  }
  return { fieldValidation: fieldValidation satisfies FieldValidation, dryRun: dryRunOf(query.getAll('dryRun').filter(value => value !== ''), kind), warnings: [], problems: [], manager: managerOf(exchange, kind), user: exchange.user }
}

const policies = ['Orphan', 'Background', 'Foreground'] as const
const isPolicy = (value: unknown): value is NonNullable<DeleteOptions['propagationPolicy']> => policies.includes(value as never)

function policyOf (propagationPolicy: unknown, orphanDependents: unknown): DeleteOptions['propagationPolicy'] {
  const given = propagationPolicy !== undefined && propagationPolicy !== null && propagationPolicy !== ''
  if (given && typeof orphanDependents === 'boolean') throw invalidOptions('DeleteOptions', 'propagationPolicy', 'FieldValueInvalid', `Invalid value: ${JSON.stringify(propagationPolicy)}: orphanDependents and deletionPropagation cannot be both set`)
  if (!given) return orphanDependents === true ? 'Orphan' : undefined
  if (!isPolicy(propagationPolicy)) throw invalidOptions('DeleteOptions', 'propagationPolicy', 'FieldValueNotSupported', `Unsupported value: ${JSON.stringify(propagationPolicy)}: supported values: "Foreground", "Background", "Orphan", "nil"`)
  return propagationPolicy
}

function graceOf (value: unknown): number | undefined {
  if (value === undefined || value === null || value === '') return undefined
  const seconds = Number(value)
  if (!Number.isSafeInteger(seconds)) throw badRequest(`gracePeriodSeconds must be a whole number of seconds, not ${JSON.stringify(value)}`)
  return seconds
}

const text = (value: unknown) => typeof value === 'string' ? value : undefined

/** DeleteOptions of the body, or of the query where there is no body. */
export async function removalOf (exchange: Exchange): Promise<Removal> {
  const bytes = await exchange.body()
  const body = bytes.length ? parseBody(bytes, header(exchange, 'content-type'), 'DeleteOptions') : {}
  if (!isRecord(body)) throw badRequest("the object provided is unrecognized (must be of type DeleteOptions): couldn't get version/kind")
  if (body['kind'] !== undefined && body['kind'] !== 'DeleteOptions') throw badRequest(`${String(body['kind'])} in version ${JSON.stringify(body['apiVersion'])} cannot be handled as a DeleteOptions: converting to DeleteOptions: unknown conversion`)
  return removalFrom(body, exchange.query)
}

export function removalFrom (body: Record<string, unknown>, query: URLSearchParams): Removal {
  const orphan = query.get('orphanDependents')
  const policy = policyOf(body['propagationPolicy'] ?? query.get('propagationPolicy'), body['orphanDependents'] ?? (orphan === null ? undefined : orphan === 'true'))
  const conditions = isRecord(body['preconditions']) ? body['preconditions'] : {}
  const [uid, resourceVersion] = [text(conditions['uid']), text(conditions['resourceVersion'])]
  const dryRun = dryRunOf(Array.isArray(body['dryRun']) ? body['dryRun'] : query.getAll('dryRun').filter(value => value !== ''), 'DeleteOptions')
  const grace = graceOf(body['gracePeriodSeconds'] ?? query.get('gracePeriodSeconds'))
  return {
    dryRun,
    ...(grace === undefined ? {} : { gracePeriodSeconds: grace }),
    ...(policy ? { propagationPolicy: policy } : {}),
    preconditions: { ...(uid === undefined ? {} : { uid }), ...(resourceVersion === undefined ? {} : { resourceVersion }) },
  }
}
