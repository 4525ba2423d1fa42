import { recordAt, shown, textAt } from './cells.js'
import { ageColumn, builtin, column, within } from './row.js'
import type { Draft, KindRow } from './types.js'

/** A namespace goes when nothing is in it any more. */
function keepForContent (draft: Draft): void {
  const spec = within(draft, 'spec')
  const own = Array.isArray(spec.finalizers) ? spec.finalizers : []
  if (!own.includes('kubernetes')) spec.finalizers = [...own, 'kubernetes']
}

export const namespaces: KindRow = builtin('v1', 'namespaces', 'Namespace', {
  namespaced: false,
  shortNames: ['ns'],
  subresources: { status: true, finalize: true },
  verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  strategy: {
    names: 'label',
    defaults: ({ metadata }) => { metadata.labels = { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name } },
    prepareCreate: draft => {
      keepForContent(draft)
      draft.status = { phase: 'Active' }
    },
    prepareUpdate: (draft, stored) => { draft.spec = structuredClone(recordAt(stored, 'spec')) },
  },
  columns: [column('Status', 'string', shown('status.phase')), ageColumn],
  fields: { 'status.phase': object => textAt(object, 'status.phase') },
})
