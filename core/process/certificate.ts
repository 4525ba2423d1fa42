import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign, X509Certificate, type KeyObject } from 'node:crypto'
import { bits, ecdsaWithSHA256, nameOf, oid, pem, sequence, time, tlv, whole, yes, type Subject } from './der.js'
import { readPrivate, writePrivate } from './files.js'

const extension = (id: string, value: Buffer, critical = false) => sequence(oid(id), ...(critical ? [yes] : []), tlv(0x04, value))

/** What a certificate says. */
interface Claims { subject: Subject, issuer: Subject, publicKey: KeyObject, from: number, until: number, extensions: readonly Buffer[] }

/** Signs a certificate with a P-256 key; PEM. */
function certify ({ subject, issuer, publicKey, from, until, extensions }: Claims, key: KeyObject): string {
  const serial = randomBytes(16)
  serial[0] = (serial[0]! & 0x3f) | 0x40
  const body = sequence(
    tlv(0xa0, whole(Buffer.from([2]))),
    whole(serial),
    ecdsaWithSHA256,
    nameOf(issuer),
    sequence(time(from), time(until)),
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, sequence(...extensions))
  )
  return pem('CERTIFICATE', sequence(body, ecdsaWithSHA256, bits(0, sign('sha256', body, key))))
}

const constraints = (isAuthority: boolean) => extension('551d13', sequence(...(isAuthority ? [yes] : [])), true)
const keyUsage = (unused: number, flags: number) => extension('551d0f', bits(unused, Buffer.from([flags])), true)

const ofServer = [
  constraints(true), // clients take it as their root
  keyUsage(2, 0x84), // digitalSignature, keyCertSign
  extension('551d25', sequence(oid('2b06010505070301'))), // serverAuth
  extension('551d11', sequence(tlv(0x87, Buffer.from([127, 0, 0, 1])), tlv(0x82, Buffer.from('localhost')))),
]
const ofAuthority = [constraints(true), keyUsage(1, 0x06)] // keyCertSign, cRLSign
const ofClient = [constraints(false), keyUsage(5, 0xa0), extension('551d25', sequence(oid('2b06010505070302')))] // digitalSignature, keyEncipherment; clientAuth

const day = 86_400_000
const year = 365 * day

const selfSignedBy = (key: KeyObject, subject: Subject, extensions: readonly Buffer[], now: number): string =>
  certify({ subject, issuer: subject, publicKey: createPublicKey(key), from: now - day, until: now + 10 * year, extensions }, key)

/** A self-signed certificate for 127.0.0.1 and localhost, ten years long, in PEM. */
export const selfSigned = (key: KeyObject, now: number): string => selfSignedBy(key, { commonName: 'ks-apiserver' }, ofServer, now)

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

/** A P-256 key and its certificate, kept in files of `dir` and made anew when they are about to expire. */
async function keep (dir: string, keyFile: string, file: string, now: number, make: (key: KeyObject) => string): Promise<{ key: string, cert: string }> {
  const [key, cert] = [await readPrivate(dir, keyFile), await readPrivate(dir, file)]
  if (key && cert && isGood(key, cert, now)) return { key, cert }
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const made = { key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })), cert: make(privateKey) }
  await writePrivate(dir, keyFile, made.key)
  await writePrivate(dir, file, made.cert)
  return made
}

/** The key and certificate of the loopback listeners, kept in `dir`. */
export const keepCertificate = (dir: string, now: number): Promise<{ key: string, cert: string }> =>
  keep(dir, 'kube-tls.key', certificateFile, now, key => selfSigned(key, now))

/** Signs certificates for clients. */
export interface Authority {
  /** PEM: what a listener checks clients by. */
  readonly cert: string
  issue (subject: Subject, publicKey: KeyObject, from: number, until: number): string
}

const authority: Subject = { commonName: 'ks-apiserver-clients' }

/** The authority over clients that is kept in `dir`. */
export async function keepAuthority (dir: string, now: number): Promise<Authority> {
  const { key, cert } = await keep(dir, 'kube-client-ca.key', 'kube-client-ca.crt', now, key => selfSignedBy(key, authority, ofAuthority, now))
  const privateKey = createPrivateKey(key)
  return { cert, issue: (subject, publicKey, from, until) => certify({ subject, issuer: authority, publicKey, from, until, extensions: ofClient }, privateKey) }
}

/** A request for a certificate (PKCS #10) in PEM, signed with the P-256 key that it is for. */
export function certificateRequest (key: KeyObject, subject: Subject): string {
  const body = sequence(whole(Buffer.from([0])), nameOf(subject), createPublicKey(key).export({ type: 'spki', format: 'der' }), tlv(0xa0))
  return pem('CERTIFICATE REQUEST', sequence(body, ecdsaWithSHA256, bits(0, sign('sha256', body, key))))
}
