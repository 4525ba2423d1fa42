import { createPublicKey, verify, X509Certificate, type KeyObject } from 'node:crypto'
import { subjectAttributes, type Subject } from '../../../core/sdk/index.js'

/** One element of DER: its tag, what is in it, and all of it. */
interface Element { readonly tag: number, readonly content: Buffer, readonly whole: Buffer, readonly rest: Buffer }

class Malformed extends Error {}

/** Reads the first element of some DER. */
function element (bytes: Buffer): Element {
  const [tag = 0, first = 0] = bytes
  const count = first < 0x80 ? 0 : first & 0x7f
  if (bytes.length < 2 || count > 4 || bytes.length < 2 + count) throw new Malformed('asn1: syntax error: data truncated')
  const size = count === 0 ? first : bytes.readUIntBE(2, count)
  const start = 2 + count
  if (bytes.length < start + size) throw new Malformed('asn1: syntax error: data truncated')
  return { tag, content: bytes.subarray(start, start + size), whole: bytes.subarray(0, start + size), rest: bytes.subarray(start + size) }
}

function elements (bytes: Buffer): Element[] {
  const found: Element[] = []
  for (let rest = bytes; rest.length;) {
    const next = element(rest)
    found.push(next)
    rest = next.rest
  }
  return found
}

const sequence = 0x30

/** The digests of the signature algorithms that are in use, by their DER; null where the algorithm has its own. */
const digests: Readonly<Record<string, string | null>> = {
  '2a864886f70d01010b': 'sha256',
  '2a864886f70d01010c': 'sha384',
  '2a864886f70d01010d': 'sha512',
  '2a8648ce3d040302': 'sha256',
  '2a8648ce3d040303': 'sha384',
  '2a8648ce3d040304': 'sha512',
  '2b6570': null,
}

/** The blocks of a PEM text. */
function blocks (text: string): { type: string, bytes: Buffer }[] {
  return [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----\s+([A-Za-z0-9+/=\s]*?)-----END \1-----/g)].map(([, type = '', body = '']) => ({ type, bytes: Buffer.from(body.replace(/\s/g, ''), 'base64') }))
}

/** The parts of a request: what is signed, and in it the subject and the key. */
function partsOf (bytes: Buffer) {
  const outer = element(bytes)
  if (outer.tag !== sequence) throw new Malformed('asn1: structure error: tags don\'t match')
  if (outer.rest.length) throw new Malformed('asn1: syntax error: trailing data')
  const [info, algorithm, signature] = elements(outer.content)
  const [, subject, key] = info ? elements(info.content) : []
  return { info, subject, key, algorithm, signature }
}

const publicKeyOf = (key: Element): KeyObject => createPublicKey({ key: key.whole, format: 'der', type: 'spki' })

function checkSignature (bytes: Buffer): void {
  const { info, key, algorithm, signature } = partsOf(bytes)
  const digest = algorithm && digests[element(algorithm.content).content.toString('hex')]
  if (!info || !key || !signature || digest === undefined) throw new Malformed('x509: cannot verify signature: algorithm unimplemented')
  if (!verify(digest, info.whole, publicKeyOf(key), signature.content.subarray(1))) throw new Malformed('x509: invalid signature')
}

/** What is wrong with a request for a certificate (PKCS #10, as base64 of PEM); undefined where it is signed as it should be. */
export function requestProblem (request: string): string | undefined {
  const [block] = blocks(Buffer.from(request, 'base64').toString('latin1'))
  if (block?.type !== 'CERTIFICATE REQUEST') return 'PEM block type must be CERTIFICATE REQUEST'
  try {
    checkSignature(block.bytes)
    return undefined
  } catch (error) {
    return error instanceof Malformed ? error.message : 'x509: malformed certificate request'
  }
}

/** What is wrong with issued certificates. */
export function certificateProblem (certificate: string): string | undefined {
  const found = blocks(Buffer.from(certificate, 'base64').toString('latin1'))
  const other = found.find(({ type }) => type !== 'CERTIFICATE')
  if (other) return `only CERTIFICATE PEM blocks are allowed, found ${JSON.stringify(other.type)}`
  try {
    return found.map(({ bytes }) => new X509Certificate(bytes)).length ? undefined : 'must contain at least one CERTIFICATE PEM block'
  } catch { return 'x509: malformed certificate' }
}

/** UTF8String, PrintableString, IA5String. */
const texts = new Set([0x0c, 0x13, 0x16])

/** What a subject says, one attribute after the other, by its identifier. */
function attributesOf (subject: Element): { id: string, text: string }[] {
  return elements(subject.content).flatMap(set => elements(set.content)).map(({ content }) => {
    const [id, value] = elements(content)
    if (!id || !value || !texts.has(value.tag)) throw new Malformed('a part of the subject is no text')
    return { id: id.content.toString('hex'), text: value.content.toString('utf8') }
  })
}

/** Who asks for a certificate, and for which key; throws a sentence where the subject is more than one name and organizations. */
export function requested (request: string): { subject: Subject, publicKey: KeyObject } {
  const [block] = blocks(Buffer.from(request, 'base64').toString('latin1'))
  const { subject, key } = partsOf(block?.bytes ?? Buffer.alloc(0))
  if (!subject || !key) throw new Malformed('the request has no subject')
  const all = attributesOf(subject)
  const of = (wanted: string) => all.filter(({ id }) => id === wanted).map(({ text }) => text)
  const [[commonName = '', ...more], organizations] = [of(subjectAttributes.commonName), of(subjectAttributes.organization)]
  if (!commonName || more.length || all.length > 1 + organizations.length) throw new Malformed('the subject is not one common name and organizations')
  return { subject: { commonName, organizations }, publicKey: publicKeyOf(key) }
}
