import { StatusError } from '../errors/status-error.js'

const longest = 1000
const cut = (text: string): string => text.length > longest ? `${text.slice(0, longest)}…` : text

/** What an error says, bounded. */
export const messageOf = (error: unknown): string => cut(error instanceof Error ? error.message : String(error))

/** Somebody was faster: the next look at the world decides. */
export const isConflict = (error: unknown): boolean => error instanceof StatusError && error.code === 409

/** Fields for the log: words and places in the code, never what the error carries. */
export const describe = (error: unknown): { error: string, stack?: string } => ({
  error: messageOf(error),
  ...(error instanceof Error && !(error instanceof StatusError) && error.stack ? { stack: cut(error.stack) } : {}),
})

/** What people who may not read the log may know of a failure: Kubernetes' own words without values, and of anything else that it happened. */
export function publicMessageOf (error: unknown): string {
  if (!(error instanceof StatusError)) return 'an internal error, which the log of ks-apiserver tells'
  const { code, reason, message, details } = error
  if (code !== 422) return cut(message)
  const fields = [...new Set((details?.causes ?? []).map(({ field }) => field))].filter(field => field).slice(0, 10)
  return cut(`${details?.kind ?? 'an object'} "${details?.name ?? ''}" is refused (${reason})${fields.length ? `: ${fields.join(', ')}` : ''}`)
}
