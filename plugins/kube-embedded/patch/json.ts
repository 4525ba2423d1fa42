import jsonpatch, { type Operation } from 'fast-json-patch'
import { isRecord, StatusError, tooLarge } from '../../../core/sdk/index.js'
import { rejected, undecodable } from './errors.js'
import { clone } from './plain.js'

const maxOperations = 10_000
/** Bytes of JSON that the `copy` operations of one patch may add up to. */
const maxCopied = 3 * 1024 * 1024
const maxPointer = 128
const known = new Set(['add', 'remove', 'replace', 'move', 'copy', 'test'])

interface Step { op: string, path: string, from?: string, value?: unknown }

function decode (patch: unknown): Step[] {
  if (!Array.isArray(patch)) throw undecodable(patch, 'jsonpatch.Patch')
  if (patch.length > maxOperations) throw tooLarge(`The allowed maximum operations in a JSON patch is ${maxOperations}, got ${patch.length}`)
  for (const step of patch as unknown[]) if (!isRecord(step)) throw undecodable(step, 'jsonpatch.Operation')
  return patch as Step[]
}

const unescape = (part: string) => part.replaceAll('~1', '/').replaceAll('~0', '~')

function partsOf (pointer: unknown): string[] {
  if (typeof pointer !== 'string' || (pointer !== '' && !pointer.startsWith('/'))) throw rejected()
  const parts = pointer.split('/').slice(1).map(unescape)
  if (parts.length > maxPointer || parts.includes('__proto__')) throw rejected()
  return parts
}

const isIndex = (part: string, length: number) => /^(0|[1-9]\d{0,8})$/.test(part) && Number(part) < length

/** The value at a path of own fields; refused where there is none. */
function valueAt (document: unknown, parts: readonly string[]): unknown {
  let value = document
  for (const part of parts) {
    const found = Array.isArray(value) ? isIndex(part, value.length) : isRecord(value) && Object.hasOwn(value, part)
    if (!found) throw rejected()
    value = (value as Record<string, unknown>)[part]
  }
  return value
}

/** The object or list that a new value goes into. */
function checkParent (document: unknown, parts: readonly string[]) {
  if (parts.length === 0) return
  const parent = valueAt(document, parts.slice(0, -1))
  const last = parts.at(-1)!
  const fits = Array.isArray(parent) ? last === '-' || last === String(parent.length) || isIndex(last, parent.length) : isRecord(parent)
  if (!fits) throw rejected()
}

/** The library works in place. Its own checks walk whole values, so each step is checked before, against own fields: nothing inherited is ever read or written. */
const run = (document: unknown, step: Step): unknown => jsonpatch.applyOperation(document, step as Operation, false, true, true).newDocument

function apply (document: unknown, step: Step, copied: { bytes: number }): unknown {
  const { op, path, from } = step
  const parts = partsOf(path)
  if (op === 'copy' || op === 'move') return transfer(document, { op, path, from: from! }, parts, copied)
  if (op === 'add') checkParent(document, parts)
  else valueAt(document, parts)
  if (op === 'remove') {
    if (parts.length === 0) throw rejected()
    return run(document, { op, path })
  }
  if (!Object.hasOwn(step, 'value')) throw rejected()
  return run(document, { op, path, value: clone(step.value) })
}

function transfer (document: unknown, { op, path, from }: Required<Omit<Step, 'value'>>, parts: readonly string[], copied: { bytes: number }): unknown {
  const value = valueAt(document, partsOf(from))
  if (op === 'copy') {
    copied.bytes += Buffer.byteLength(JSON.stringify(value))
    if (copied.bytes > maxCopied) throw rejected()
    checkParent(document, parts)
    return run(document, { op: 'add', path, value: clone(value) })
  }
  if (path === from) return document
  if (path.startsWith(`${from}/`) || from === '') throw rejected()
  const without = run(document, { op: 'remove', path: from })
  checkParent(without, parts)
  return run(without, { op: 'add', path, value })
}

/** RFC 6902. Either every operation holds or the patch is refused: 400 for what is no patch, 413 for too many operations, 422 for one that fails. */
export function jsonPatch (current: unknown, patch: unknown): unknown {
  const steps = decode(patch)
  const copied = { bytes: 0 }
  let document: unknown = clone(current)
  try {
    for (const step of steps) {
      if (!known.has(step.op)) throw rejected()
      document = apply(document, step, copied)
    }
  } catch (error) {
    throw error instanceof StatusError ? error : rejected(error)
  }
  return document
}
