import { Type, type Static, type TSchema } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { badRequest, type Metadata } from '../../core/sdk/index.js'

const maps = new Set(['labels', 'annotations'])
/** What one request may ask for at once. */
const several = { maxItems: 1_000 }
const text = Type.Optional(Type.String())
const Texts = Type.Optional(Type.Record(Type.String(), Type.String()))

const BodyMetadata = Type.Object({
  name: text,
  generateName: text,
  namespace: text,
  uid: text,
  resourceVersion: text,
  labels: Texts,
  annotations: Texts,
  finalizers: Type.Optional(Type.Array(Type.String())),
  ownerReferences: Type.Optional(Type.Array(Type.Object({ apiVersion: Type.String(), kind: Type.String(), name: Type.String(), uid: Type.String() }, { additionalProperties: true }))),
})
const Subjects = Type.Array(Type.Object({ kind: text, name: text, namespace: text, apiGroup: text }), several)

export const UserBody = Type.Object({
  metadata: Type.Optional(BodyMetadata),
  spec: Type.Optional(Type.Object({ email: text, lang: text, description: text, displayName: text, groups: Type.Optional(Type.Array(Type.String())), password: text })),
  status: Type.Optional(Type.Object({ state: text, reason: text, lastTransitionTime: text, lastLoginTime: text })),
})
export const PasswordBody = Type.Object({ currentPassword: text, password: text })
export const MemberBody = Type.Object({ username: text, roleRef: text })
export const MembersBody = Type.Array(MemberBody, several)
/** A role or a group: what is written of them is metadata. */
export const MetadataBody = Type.Object({ metadata: Type.Optional(BodyMetadata) })
export const GroupMembersBody = Type.Array(Type.Object({ userName: text, groupName: text }), several)
export const BindingBody = Type.Object({ metadata: Type.Optional(BodyMetadata), subjects: Type.Optional(Subjects), roleRef: Type.Optional(Type.Object({ apiGroup: text, kind: text, name: text })) })
export const BindingsBody = Type.Array(BindingBody, several)

export type UserInput = Static<typeof UserBody>
export type BindingInput = Static<typeof BindingBody>

/** As Go's decoder: null is the absent value, and in a map of texts the empty one. */
function withoutNulls (value: unknown, inMap = false): unknown {
  if (Array.isArray(value)) return value.map(item => withoutNulls(item))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).flatMap(([key, inner]) => inner === null ? (inMap ? [[key, '']] : []) : [[key, withoutNulls(inner, maps.has(key))]]))
}

/** A body as its shape says, with nothing that the shape does not name; a 400 where it does not fit. */
export function decode<T extends TSchema> (shape: T, body: unknown): Static<T> {
  if (body === undefined) throw badRequest('EOF')
  const given = withoutNulls(body)
  const [wrong] = Value.Errors(shape, given)
  if (wrong) throw badRequest(`the body cannot be read: ${wrong.path || 'its root'}: ${wrong.message}`)
  return Value.Clean(shape, given) as Static<T>
}

/** The metadata of a body; its name may be empty where Kubernetes is to make one up. */
export const metadataOf = ({ metadata = {} }: { metadata?: Static<typeof BodyMetadata> }): Metadata => ({ ...metadata, name: metadata.name ?? '' }) as Metadata
