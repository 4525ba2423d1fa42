/** What servers make up, and what passing time changes, in the order in which it is looked for. */
const madeUp: readonly (readonly [RegExp, string])[] = [
  [/https:\/\/127\.0\.0\.1:\d+/g, '<server>'],
  [/127\.0\.0\.1:\d+/g, '<server>'],
  [/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g, '<certificate>'],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, '<token>'],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>'],
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z| \+0000 UTC| [+-]\d{4} [+-]\d\d)?/g, '<time>'],
  [/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, '<time>'],
  [/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d \d{4}/g, '<time>'],
  [/("?[rR]esourceVersion"?: ?)"?\d+"?/g, '$1<revision>'],
  [/(Resource Version: +)\d+/g, '$1<revision>'],
  [/(\\"resourceVersion\\":)\\"\d+\\"/g, '$1<revision>'],
  [/("?continue"?: ?)"[\w=-]+"/g, '$1<continue>'],
  [/\b10\.(9[6-9]|10\d|11[01])\.\d+\.\d+\b/g, '<ip>'],
  [/\b3[0-2]\d{3}(?=\/TCP|\/UDP|\b\n)/g, '<port>'],
  [/("?[nN]odePort"?: +)\d+/g, '$1<port>'],
  [/\/tmp\/(LIVE|MERGED)-\d+/g, '<$1>'],
  [/\b(made-)[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, '$1<x>'],
  [/(?<= {2}|\(|^)(\d+[dhms])+(?![\w./-])/gm, '<age>'],
]

/** Columns are as wide as their widest cell: how wide does not matter. */
const lines = (text: string) => text.split('\n').map(line => line.trimEnd().replace(/(?<=\S) {2,}/g, '  ')).join('\n').replace(/-{6,}/g, '------')

interface Managed { items?: unknown[], metadata?: { managedFields?: { manager?: string, operation: string, subresource?: string }[] } }
const ownerOf = ({ manager = '', operation, subresource = '' }: { manager?: string, operation: string, subresource?: string }) => `${manager} ${operation} ${subresource}`

/** Managers stand in the order of their seconds, which is no order between two servers: here they stand by name. */
export function sortManagers (value: unknown): unknown {
  const { items, metadata } = (value ?? {}) as Managed
  metadata?.managedFields?.sort((a, b) => ownerOf(a) < ownerOf(b) ? -1 : 1)
  items?.forEach(sortManagers)
  return value
}

/** The same for JSON as text; other text stays as it is. */
export const byManager = (text: string): string => text.startsWith('{\n') ? JSON.stringify(sortManagers(JSON.parse(text)), null, 2) : text

/** The output of a client without what differs from server to server. */
export const normalText = (text: string): string => lines(madeUp.reduce((text, [pattern, instead]) => text.replace(pattern, instead), text))
