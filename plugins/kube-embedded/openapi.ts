import { createHash } from 'node:crypto'
import { requireJSON } from './accept.js'
import { header, jsonAnswer, type Answer, type Exchange } from './exchange.js'
import type { KindRow } from './kinds/types.js'
import { pathsOf } from './openapi/operations.js'
import { pathOf, schemasOf, type Schema } from './openapi/schemas.js'
import { swaggerOf, type Document } from './openapi/swagger.js'
import { protobufType, swaggerBytes } from './openapi/wire.js'
import type { Rows } from './rows.js'
import { apiVersion, noSuchPath } from './status.js'

const info = { title: 'Kubernetes', version: 'v1.34.3' }

function documentOf (rows: readonly KindRow[]): Document & { openapi: string } {
  const paths = Object.assign({}, ...rows.map(pathsOf)) as Record<string, Schema>
  return { openapi: '3.0.0', info, paths, components: { schemas: schemasOf(rows, paths) } }
}

/** Texts that are made when they are asked for and kept until the kinds change. */
function keptDocuments (rows: Rows) {
  let version = -1
  const kept = new Map<string, Buffer>()
  return (key: string, make: () => Buffer): Buffer => {
    if (version !== rows.version) kept.clear()
    version = rows.version
    const bytes = kept.get(key) ?? make()
    kept.set(key, bytes)
    return bytes
  }
}

/** Rows are replaced, never changed: which ones they are says what a document holds. */
function rowHashes () {
  const boot = createHash('sha256').update(String(process.hrtime.bigint())).digest('hex').slice(0, 16)
  const ids = new WeakMap<KindRow, number>()
  let last = 0
  const idOf = (row: KindRow) => {
    const id = ids.get(row) ?? ++last
    ids.set(row, id)
    return id
  }
  return (rows: readonly KindRow[]) => boot + createHash('sha256').update(rows.map(idOf).join()).digest('hex').toUpperCase().slice(0, 48)
}

const document = (body: Buffer, cache: string, type = 'application/json'): Answer => ({ status: 200, headers: { 'content-type': type, 'cache-control': cache }, body: [body] })
const json = (value: unknown) => Buffer.from(JSON.stringify(value))

/** kubectl writes the media type with an @ where the answer has a dot. */
const wantsProtobuf = (exchange: Exchange) => header(exchange, 'accept').replaceAll('@', '.').includes(protobufType)

/** The documents under /openapi. */
export function createOpenAPI (rows: Rows) {
  const kept = keptDocuments(rows)
  const hash = rowHashes()
  const everything = () => swaggerOf(rows.groups().flatMap(({ versions }) => versions.map(({ rows }) => documentOf(rows))), info)

  return {
    index (): Answer {
      const paths = Object.fromEntries(rows.groups().flatMap(({ name, versions }) => versions.map(({ version, rows }) => [pathOf(name, version), { serverRelativeURL: `/openapi/v3/${pathOf(name, version)}?hash=${hash(rows)}` }])))
      return jsonAnswer(200, { paths })
    },
    document (group: string, version: string, { query }: Exchange): Answer {
      const served = rows.group(group)?.versions.find(served => served.version === version)
      if (!served) throw noSuchPath()
      return document(kept(apiVersion({ group, version }), () => json(documentOf(served.rows))), query.has('hash') ? 'public, immutable' : 'no-cache, private')
    },
    /** Everything as one document of Swagger 2.0. */
    v2 (exchange: Exchange): Answer {
      if (wantsProtobuf(exchange)) return document(kept('protobuf', () => swaggerBytes(everything())), 'no-cache, private', protobufType)
      requireJSON(header(exchange, 'accept'))
      return document(kept('json', () => json(everything())), 'no-cache, private')
    },
  }
}
