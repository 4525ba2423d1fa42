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
