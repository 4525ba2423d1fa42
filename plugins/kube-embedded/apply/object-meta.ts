import type { Json } from '../../../core/sdk/index.js'

const text = { type: 'string' }
const time = { type: 'string', format: 'date-time' }
const integer = { type: 'integer', format: 'int64' }
const texts = { type: 'object', additionalProperties: text }

/** Of meta/v1: a reference is owned as a whole, under its uid. */
const ownerReference = { type: 'object', properties: {}, 'x-kubernetes-map-type': 'atomic' }

/** Metadata of meta/v1, for kinds whose schema leaves it open. */
export const objectMeta: Json = {
  type: 'object',
  properties: {
    name: text,
    generateName: text,
    namespace: text,
    selfLink: text,
    uid: text,
    resourceVersion: text,
    generation: integer,
    creationTimestamp: time,
    deletionTimestamp: time,
    deletionGracePeriodSeconds: integer,
    labels: texts,
    annotations: texts,
    finalizers: { type: 'array', items: text, 'x-kubernetes-list-type': 'set' },
    ownerReferences: { type: 'array', items: ownerReference, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['uid'] },
    managedFields: { type: 'array', items: { type: 'object' } },
  },
}
