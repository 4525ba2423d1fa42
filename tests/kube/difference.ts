const isRecord = (value: unknown): value is Record<string, unknown> => value !== null && typeof value === 'object'
const shown = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 300)

/** Where two values differ, a line each: the path, what was expected, what was found. */
export function differences (expected: unknown, found: unknown, path = ''): string[] {
  if (Object.is(expected, found)) return []
  if (!isRecord(expected) || !isRecord(found) || Array.isArray(expected) !== Array.isArray(found)) return [`${path}: expected ${shown(expected)}, found ${shown(found)}`]
  const keys = [...new Set([...Object.keys(expected), ...Object.keys(found)])]
  return keys.flatMap(key => differences(expected[key], found[key], path ? `${path}.${key}` : key))
}
