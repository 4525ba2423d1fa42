import { badRequest } from '../errors/status-error.js'
import { messages } from './protobuf-messages.js'

/** The media type in which typed Kubernetes clients send built-in kinds, kubectl's `create` and `auth can-i` among them. */
export const protobufMediaType = 'application/vnd.kubernetes.protobuf'

interface Field { name: string, pointer: boolean, inline: boolean, form: '' | '*' | '@', type: string }
type Message = ReadonlyMap<number, Field>

const maxDepth = 64
const magic = Buffer.from('k8s\0')

let table: ReadonlyMap<string, Message> | undefined
function tableOf (): ReadonlyMap<string, Message> {
  table ??= new Map(messages.trim().split('\n').map(line => {
    const [name = '', ...fields] = line.split(' ')
    return [name, new Map(fields.map(text => {
      const [, number = '', mark = '', field = '', form = '', type = ''] = /^(\d+)([?!]?)(\w+):([*@]?)(.+)$/.exec(text) ?? []
      return [Number(number), { name: field, pointer: mark === '?', inline: mark === '!', form: form as Field['form'], type }]
    }))]
  }))
  return table
}

/** One value as it lies in the bytes: a number of wire type 0 or 1, or the bytes of wire type 2. */
type Raw = bigint | Buffer

class Reader {
  #at = 0
  constructor (private readonly bytes: Buffer) {}
  get done () { return this.#at >= this.bytes.length }

  varint (): bigint {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.bytes[this.#at++]
      if (byte === undefined) break
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return BigInt.asUintN(64, value)
    }
    throw badRequest('the protobuf body has a broken number')
  }

  take (size: number): Buffer {
    if (size > this.bytes.length - this.#at) throw badRequest('the protobuf body ends too early')
    this.#at += size
    return this.bytes.subarray(this.#at - size, this.#at)
  }

  field (): [number, Raw] {
    const tag = Number(this.varint() & 0xffff_ffffn)
    const wire = tag & 7
    if (wire === 0) return [tag >>> 3, this.varint()]
    if (wire === 1) return [tag >>> 3, this.take(8)]
    if (wire === 2) return [tag >>> 3, this.take(Number(this.varint()))]
    if (wire === 5) return [tag >>> 3, this.take(4)]
    throw badRequest('the protobuf body has a field of an unknown form')
  }
}

function * fieldsOf (bytes: Buffer): Generator<[number, Raw]> {
  const reader = new Reader(bytes)
  while (!reader.done) yield reader.field()
}

const asBytes = (raw: Raw): Buffer => {
  if (typeof raw === 'bigint') throw badRequest('the protobuf body has a number where bytes belong')
  return raw
}
const asText = (raw: Raw) => asBytes(raw).toString('utf8')
const asNumber = (raw: Raw): number => {
  if (typeof raw !== 'bigint') throw badRequest('the protobuf body has bytes where a number belongs')
  return Number(BigInt.asIntN(64, raw))
}

/** Numbered values of a message without a table. */
const loose = (raw: Raw) => new Map(fieldsOf(asBytes(raw)))
const json = (raw: Raw | undefined): unknown => raw === undefined || asBytes(raw).length === 0 ? undefined : JSON.parse(asText(raw))

function timeOf (raw: Raw, micro: boolean): string | undefined {
  const parts = loose(raw)
  const [seconds, nanos] = [parts.get(1), parts.get(2)].map(part => part === undefined ? 0 : asNumber(part)) as [number, number]
  if (parts.size === 0 || seconds < -62_135_596_800 || seconds > 253_402_300_799) return undefined
  const text = new Date(seconds * 1000).toISOString().replace('.000Z', '')
  return micro ? `${text}.${String(Math.trunc(nanos / 1000)).padStart(6, '0')}Z` : `${text}Z`
}

/** Kinds of values that JSON writes in a way of their own. */
const special: Readonly<Record<string, (raw: Raw) => unknown>> = {
  'meta.v1.Time': raw => timeOf(raw, false),
  'meta.v1.MicroTime': raw => timeOf(raw, true),
  'meta.v1.Duration': raw => `${asNumber(loose(raw).get(1) ?? 0n) / 1e9}s`,
  'meta.v1.FieldsV1': raw => json(loose(raw).get(1)),
  'runtime.RawExtension': raw => json(loose(raw).get(1)),
  'api.resource.Quantity': raw => asText(loose(raw).get(1) ?? Buffer.alloc(0)),
  'util.intstr.IntOrString': raw => {
    const parts = loose(raw)
    return asNumber(parts.get(1) ?? 0n) === 1 ? asText(parts.get(3) ?? Buffer.alloc(0)) : asNumber(parts.get(2) ?? 0n)
  },
  'authentication.v1.ExtraValue': raw => [...fieldsOf(asBytes(raw))].map(([, item]) => asText(item)),
  'authorization.v1.ExtraValue': raw => [...fieldsOf(asBytes(raw))].map(([, item]) => asText(item)),
}

const scalar: Readonly<Record<string, (raw: Raw) => unknown>> = {
  s: asText,
  b: raw => asBytes(raw).toString('base64'),
  B: raw => asNumber(raw) !== 0,
  i: asNumber,
  d: raw => asBytes(raw).readDoubleLE(),
}

function valueOf (type: string, raw: Raw, depth: number): unknown {
  const read = scalar[type] ?? special[type]
  return read ? read(raw) : messageOf(type, asBytes(raw), depth + 1)
}

function entryOf (type: string, raw: Raw, depth: number): [string, unknown] {
  const parts = loose(raw)
  const value = parts.get(2)
  return [asText(parts.get(1) ?? Buffer.alloc(0)), value === undefined ? type === 's' || type === 'b' ? '' : undefined : valueOf(type, value, depth)]
}

/** What Go writes for a field that is not set. */
const isZero = (value: unknown) => value === undefined || value === '' || value === 0 || value === false || (value !== null && typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length === 0)

function messageOf (name: string, bytes: Buffer, depth: number): Record<string, unknown> {
  const message = tableOf().get(name)
  if (!message || depth > maxDepth) throw badRequest(message ? `the body is nested deeper than ${maxDepth} levels` : `no message ${name} is known`)
  const result = new Map<string, unknown>()
  for (const [number, raw] of fieldsOf(bytes)) {
    const field = message.get(number)
    if (!field) continue
    if (field.form === '@') {
      const entries = (result.get(field.name) ?? new Map()) as Map<string, unknown>
      result.set(field.name, entries.set(...entryOf(field.type, raw, depth)))
    } else if (field.form === '*') {
      const items = (result.get(field.name) ?? []) as unknown[]
      items.push(valueOf(field.type, raw, depth))
      result.set(field.name, items)
    } else {
      const value = valueOf(field.type, raw, depth)
      if (field.inline && value !== null && typeof value === 'object') for (const [key, item] of Object.entries(value)) result.set(key, item)
      else if (field.pointer ? value !== undefined : !isZero(value)) result.set(field.name, value)
    }
  }
  return Object.fromEntries([...result].map(([key, value]) => [key, value instanceof Map ? Object.fromEntries(value) as unknown : value]))
}

/** `rbac.authorization.k8s.io/v1` → `rbac.v1`; the core group is `core`. */
function packageOf (apiVersion: string): string {
  const slash = apiVersion.indexOf('/')
  return slash < 0 ? `core.${apiVersion}` : `${apiVersion.slice(0, slash).split('.')[0] ?? ''}.${apiVersion.slice(slash + 1)}`
}

/**
 * Reads a body of type application/vnd.kubernetes.protobuf as the object that JSON would hold.
 * 400 where it is broken or of a kind outside the built-in ones of Kubernetes 1.34.
 */
export function decodeProtobuf (bytes: Buffer): Record<string, unknown> {
  if (!bytes.subarray(0, 4).equals(magic)) throw badRequest('the protobuf body does not begin with k8s\\x00')
  const unknown = loose(bytes.subarray(4))
  const type = loose(unknown.get(1) ?? Buffer.alloc(0))
  const [apiVersion, kind] = [asText(type.get(1) ?? Buffer.alloc(0)), asText(type.get(2) ?? Buffer.alloc(0))]
  const name = kind === 'DeleteOptions' ? 'meta.v1.DeleteOptions' : `${packageOf(apiVersion)}.${kind}`
  if (!tableOf().has(name)) throw badRequest(`no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in protobuf: send it as application/json`)
  return { kind, apiVersion, ...messageOf(name, asBytes(unknown.get(2) ?? Buffer.alloc(0)), 0) }
}
