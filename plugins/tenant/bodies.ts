import { annotations, labels } from '../../schemas/iam/v1alpha2.js'
import { badRequest, isRecord, type Json, type KubeObject, type Metadata } from '../../core/sdk/index.js'

type Texts = Record<string, string>

const object = (value: unknown, field: string): Json => {
  if (value === undefined || value === null) return {}
  if (!isRecord(value)) throw badRequest(`${field} must be an object`)
  return value
}

const text = (value: unknown, field: string): string => {
  if (value === undefined || value === null) return ''
  if (typeof value !== 'string') throw badRequest(`${field} must be a text`)
  return value
}

/** As ks-apiserver's decoder: a null among labels or annotations is an empty text. */
function texts (value: unknown, field: string): Texts {
  return Object.fromEntries(Object.entries(object(value, field)).map(([key, one]) => [key, text(one, `${field}.${key}`)]))
}

/** What a client says about an object: the metadata that clients may write, and the rest as it came. */
export interface Wish {
  readonly name: string
  readonly generateName: string
  readonly resourceVersion: string
  readonly labels: Texts
  readonly annotations: Texts
  readonly rest: Json
  readonly metadata: Json
}

/** Reads the body of a write; what is no object is a 400. */
export function readBody (body: unknown): Wish {
  if (body === undefined) throw badRequest('EOF')
  if (!isRecord(body)) throw badRequest('the body must be one JSON object')
  const { metadata: raw, apiVersion: _apiVersion, kind: _kind, ...rest } = body
  const metadata = object(raw, 'metadata')
  return {
    name: text(metadata.name, 'metadata.name'),
    generateName: text(metadata.generateName, 'metadata.generateName'),
    resourceVersion: text(metadata.resourceVersion, 'metadata.resourceVersion'),
    labels: texts(metadata.labels, 'metadata.labels'),
    annotations: texts(metadata.annotations, 'metadata.annotations'),
    rest,
    metadata,
  }
}

export function checkName ({ name }: Wish, url: string): void {
  if (name !== url) throw badRequest(`the name of the object (${name}) does not match the name on the URL (${url})`)
}

/** Labels and annotations that the platform itself goes by: nobody writes them through a tenant's path. */
const owned = (key: string): boolean => key === labels.workspace || key === labels.federated || key === 'kubesphere.io/namespace' || key === 'kubesphere.io/devopsproject' || /(^|\.)iam\.kubesphere\.io\//.test(key)

/** What the client wrote, and of the platform's own entries what is stored. */
function guarded (wished: Texts, stored: Texts = {}): Texts {
  const own = Object.entries(stored).filter(([key]) => owned(key))
  return { ...Object.fromEntries(Object.entries(wished).filter(([key]) => !owned(key))), ...Object.fromEntries(own) }
}

export interface Writer {
  /** Who writes. */
  name: string
  /** May write what the platform goes by. */
  trusted: boolean
  /** May name somebody else as an object's creator. */
  namesCreators: boolean
}

/** The creator of a new object is who creates it; later it stays who it was. */
function withCreator (wished: Texts, { name, namesCreators }: Writer, stored: KubeObject | undefined): Texts {
  const { [annotations.creator]: said, ...rest } = wished
  if (namesCreators) return wished
  const creator = stored ? stored.metadata.annotations?.[annotations.creator] : name
  return creator === undefined ? rest : { ...rest, [annotations.creator]: creator }
}

const filled = <T extends object>(record: T): T | undefined => Object.keys(record).length ? record : undefined

/** Metadata as it is to be stored: what only the platform may write is as it was, or absent where the object is new. */
export function metadataOf (wish: Wish, writer: Writer, stored?: KubeObject): Metadata {
  const kept = writer.trusted ? wish.metadata as Partial<Metadata> : stored?.metadata ?? {}
  const { finalizers, ownerReferences } = kept
  const ownLabels = filled(writer.trusted ? wish.labels : guarded(wish.labels, stored?.metadata.labels))
  const ownAnnotations = filled(withCreator(writer.trusted ? wish.annotations : guarded(wish.annotations, stored?.metadata.annotations), writer, stored))
  return {
    name: wish.name,
    ...(wish.generateName && !stored ? { generateName: wish.generateName } : {}),
    ...(wish.resourceVersion && stored ? { resourceVersion: wish.resourceVersion } : {}),
    ...(ownLabels ? { labels: ownLabels } : {}),
    ...(ownAnnotations ? { annotations: ownAnnotations } : {}),
    ...(finalizers?.length ? { finalizers } : {}),
    ...(ownerReferences?.length ? { ownerReferences } : {}),
  }
}
