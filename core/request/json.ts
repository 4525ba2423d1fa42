import { badRequest } from '../errors/status-error.js'

/** Bounds of a JSON body: levels of nesting, and objects' keys in all. */
export const jsonLimits = { depth: 64, keys: 100_000 }

/** Scans without parsing, so that a hostile body costs one pass and no memory. */
function check (text: string): void {
  let depth = 0; let keys = 0; let inString = false
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (inString) {
      if (c === 92 /* \ */) i++
      else if (c === 34 /* " */) inString = false
    } else if (c === 34) inString = true
    else if (c === 123 /* { */ || c === 91 /* [ */) { if (++depth > jsonLimits.depth) throw badRequest(`the body is nested deeper than ${jsonLimits.depth} levels`) } else if (c === 125 || c === 93) depth--
    else if (c === 58 /* : */ && ++keys > jsonLimits.keys) throw badRequest(`the body has more than ${jsonLimits.keys} keys`)
  }
}

/** Parses a JSON body within bounds. Keys that could reach a prototype are refused. Broken text is a 400 in readable words. */
export function parseJSON (text: string): unknown {
  if (text === '') throw badRequest('EOF')
  check(text)
  try {
    return JSON.parse(text, text.includes('__proto__') || text.includes('\\u') ? refuseProto : undefined)
  } catch (error) {
    if ((error as Error).message === protoMessage) throw badRequest(protoMessage)
    throw badRequest(`the body is not JSON: ${(error as Error).message}`)
  }
}

const protoMessage = 'the key "__proto__" is not allowed in a body'
function refuseProto (this: unknown, key: string, value: unknown): unknown {
  if (key === '__proto__') throw new SyntaxError(protoMessage)
  return value
}
