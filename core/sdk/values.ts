/** A JSON object of which nothing is known yet. */
export type Json = Record<string, unknown>

export const isRecord = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** What an object itself has; never what it inherits. */
export const own = (object: Readonly<Json>, key: string): unknown => Object.hasOwn(object, key) ? object[key] : undefined

/** Whether two lists have the same texts, in the same order. */
export const sameTexts = (a: readonly string[], b: readonly string[]): boolean => a === b || (a.length === b.length && a.every((text, i) => text === b[i]))

/** The order of texts by their UTF-16, whatever the language. */
export const compareTexts = (a: string, b: string): number => a < b ? -1 : a > b ? 1 : 0
