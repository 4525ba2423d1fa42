/** An element of DER: its tag, then what is in it. */
export function tlv (tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  const size = body.length < 0x80 ? Buffer.from([body.length]) : body.length < 0x100 ? Buffer.from([0x81, body.length]) : Buffer.from([0x82, body.length >> 8, body.length & 0xff])
  return Buffer.concat([Buffer.from([tag]), size, body])
}

export const sequence = (...parts: readonly Buffer[]): Buffer => tlv(0x30, ...parts)
export const oid = (hex: string): Buffer => tlv(0x06, Buffer.from(hex, 'hex'))
export const bits = (unused: number, bytes: Buffer): Buffer => tlv(0x03, Buffer.from([unused]), bytes)
export const whole = (bytes: Buffer): Buffer => tlv(0x02, bytes)
export const yes = tlv(0x01, Buffer.from([0xff]))
export const time = (at: number): Buffer => tlv(0x18, Buffer.from(new Date(at).toISOString().replace(/[-:T]|\.\d+/g, '')))

export const ecdsaWithSHA256 = sequence(oid('2a8648ce3d040302'))

/** Who a certificate is about. */
export interface Subject { readonly commonName: string, readonly organizations?: readonly string[] }

/** The identifiers of what a subject is made of. */
export const attributes = { commonName: '550403', organization: '55040a' } as const
const attribute = (id: string, text: string): Buffer => tlv(0x31, sequence(oid(id), tlv(0x0c, Buffer.from(text))))
export const nameOf = ({ commonName, organizations = [] }: Subject): Buffer =>
  sequence(...organizations.map(name => attribute(attributes.organization, name)), attribute(attributes.commonName, commonName))

export const pem = (type: string, der: Buffer): string => `-----BEGIN ${type}-----\n${der.toString('base64').replace(/.{64}/g, '$&\n').trimEnd()}\n-----END ${type}-----\n`
