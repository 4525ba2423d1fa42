import { badRequest, StatusError } from '../../../core/sdk/index.js'

/** A patch that has the right form and does not fit the object. */
export const rejected = (cause?: unknown) =>
  new StatusError({ code: 422, reason: 'Invalid', message: 'the server rejected our request due to an error in our request', details: {}, cause })

const goType = (value: unknown) => Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value === 'boolean' ? 'bool' : typeof value

/** A patch that is none. `type` is what it should have been, as Go names it. */
export const undecodable = (value: unknown, type: string) =>
  badRequest(`error decoding patch: json: cannot unmarshal ${goType(value)} into Go value of type ${type}`)
