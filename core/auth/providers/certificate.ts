import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { OptionError } from './options.js'

/** The certificates of a file, or of base64 text; undefined where neither is given. Throws an OptionError for what is no certificate. */
export function rootCertificate ({ rootCA, rootCAData }: { rootCA: string, rootCAData: string }): string | undefined {
  if (rootCA) return pem('rootCA', read(rootCA), 'a file with a certificate (PEM)')
  return rootCAData ? pem('rootCAData', Buffer.from(rootCAData, 'base64').toString('utf8'), 'a certificate (PEM) as base64 text') : undefined
}

function read (file: string): string {
  try { return readFileSync(file, 'utf8') } catch { return '' }
}

function pem (key: string, text: string, expected: string): string {
  try { return new X509Certificate(text) && text } catch { throw new OptionError(key, expected) }
}
