import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign, X509Certificate, type KeyObject } from 'node:crypto'
import { readPrivate, writePrivate } from './files.js'

const tlv = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts)
  const size = body.length < 0x80 ? Buffer.from([body.length]) : body.length < 0x100 ? Buffer.from([0x81, body.length]) : Buffer.from([0x82, body.length >> 8, body.length & 0xff])
  return Buffer.concat([Buffer.from([tag]), size, body])
}
const sequence = (...parts: readonly Buffer[]) => tlv(0x30, ...parts)
const oid = (hex: string) => tlv(0x06, Buffer.from(hex, 'hex'))
const bits = (unused: number, bytes: Buffer) => tlv(0x03, Buffer.from([unused]), bytes)
const yes = tlv(0x01, Buffer.from([0xff]))

const ecdsaWithSHA256 = sequence(oid('2a8648ce3d040302'))
const nameOf = (commonName: string) => sequence(tlv(0x31, sequence(oid('550403'), tlv(0x0c, Buffer.from(commonName)))))
const time = (at: number) => tlv(0x18, Buffer.from(new Date(at).toISOString().replace(/[-:T]|\.\d+/g, '')))
const extension = (id: string, value: Buffer, critical = false) => sequence(oid(id), ...(critical ? [yes] : []), tlv(0x04, value))

const extensions = () => tlv(0xa3, sequence(
  extension('551d13', sequence(yes), true), // a CA: clients take it as their root
  extension('551d0f', bits(2, Buffer.from([0x84])), true), // digitalSignature, keyCertSign
  extension('551d25', sequence(oid('2b06010505070301'))), // serverAuth
  extension('551d11', sequence(tlv(0x87, Buffer.from([127, 0, 0, 1])), tlv(0x82, Buffer.from('localhost'))))
))

const year = 365 * 86_400_000

/** A self-signed certificate for 127.0.0.1 and localhost, ten years long, in PEM. */
export function selfSigned (key: KeyObject, now: number): string {
  const name = nameOf('ks-apiserver')
  const serial = randomBytes(16)
  serial[0] = (serial[0]! & 0x3f) | 0x40
  const body = sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, serial),
    ecdsaWithSHA256,
    name,
    sequence(time(now - 86_400_000), time(now + 10 * year)),
    name,
    createPublicKey(key).export({ type: 'spki', format: 'der' }),
    extensions()
  )
  const certificate = sequence(body, ecdsaWithSHA256, bits(0, sign('sha256', body, key)))
  return `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64').replace(/.{64}/g, '$&\n').trimEnd()}\n-----END CERTIFICATE-----\n`
}

const isGood = (key: string, cert: string, now: number): boolean => {
  try {
    const certificate = new X509Certificate(cert)
    return certificate.checkPrivateKey(createPrivateKey(key)) && Date.parse(certificate.validTo) > now + year / 12
  } catch {
    return false
  }
}

/** Under `dir`: what clients on this machine take as their root. */
export const certificateFile = 'kube-tls.crt'

/** The key and certificate of the loopback listeners, kept in `dir` and made anew when they are about to expire. */
export async function keepCertificate (dir: string, now: number): Promise<{ key: string, cert: string }> {
  const [key, cert] = [await readPrivate(dir, 'kube-tls.key'), await readPrivate(dir, certificateFile)]
  if (key && cert && isGood(key, cert, now)) return { key, cert }
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const made = { key: privateKey.export({ type: 'pkcs8', format: 'pem' }), cert: selfSigned(privateKey, now) }
  await writePrivate(dir, 'kube-tls.key', String(made.key))
  await writePrivate(dir, certificateFile, made.cert)
  return { key: String(made.key), cert: made.cert }
}
