import { existsSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { LineCounter, isMap, isPair, isScalar, parseDocument, type Document } from 'yaml'

/** Something wrong with the configuration, in one sentence; `exitCode` as 3.x. */
export class ConfigurationError extends Error {
  constructor (message: string, readonly exitCode = 255) { super(message) }
}

export interface ConfigFile {
  path: string
  values: Record<string, unknown>
  /** The line of a key, from 1; undefined where it is not in the file. */
  lineOf (path: readonly string[]): number | undefined
}

const extensions = ['json', 'toml', 'yaml', 'yml', 'properties', 'props', 'prop', 'hcl']
const readable = new Set(['.json', '.yaml', '.yml'])

/** The first `kubesphere.EXT` of the folders that are looked in. */
export function findConfigFile (folders: readonly string[]): string | undefined {
  for (const folder of folders) {
    for (const extension of extensions) {
      const path = join(folder, `kubesphere.${extension}`)
      if (existsSync(path)) return path
    }
  }
  return undefined
}

function lineOf (document: Document, lines: LineCounter, path: readonly string[]): number | undefined {
  let node: unknown = document.contents
  let line: number | undefined
  for (const key of path) {
    if (!isMap(node)) break
    const pair = node.items.find(item => isPair(item) && isScalar(item.key) && String(item.key.value).toLowerCase() === key.toLowerCase())
    if (!pair || !isScalar(pair.key) || !pair.key.range) break
    line = lines.linePos(pair.key.range[0]).line
    node = pair.value
  }
  return line
}

const prefix = 'Failed to load configuration from disk:'

/** Reads a file whole; throws one sentence with file and line. An empty file is refused: whoever wrote it is not done, or was cut off. */
export function readConfigFile (path: string): ConfigFile {
  if (!readable.has(extname(path))) throw new ConfigurationError(`${prefix} ${path}: files of this type are not read; write kubesphere.yaml or kubesphere.json`)
  let text: string
  try { text = readFileSync(path, 'utf8') } catch (error) { throw new ConfigurationError(`${prefix} ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'})`) }
  const lines = new LineCounter()
  // YAML 1.1 as the configurations of 3.x were written for it: 0777 is octal there, yes and on stay texts in neither.
  const document = parseDocument(text, { lineCounter: lines, version: '1.1', prettyErrors: false, schema: 'yaml-1.1', maxAliasCount: 100 } as never)
  const [first] = document.errors
  if (first) throw new ConfigurationError(`${prefix} ${path}:${lines.linePos(first.pos[0]).line}: ${first.message}`)
  let values: unknown
  try { values = document.toJS({ maxAliasCount: 100 }) } catch { throw new ConfigurationError(`${prefix} ${path}: too many aliases`) }
  if (typeof values !== 'object' || values === null || Array.isArray(values)) throw new ConfigurationError(`${prefix} ${path}: expected keys with values, found ${values === null || values === undefined ? 'nothing' : 'something else'}`)
  return { path, values: values as Record<string, unknown>, lineOf: key => lineOf(document, lines, key) }
}
