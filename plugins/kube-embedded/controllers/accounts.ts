import type { Context } from '../context.js'
import { isNamespaces } from '../admission.js'
import type { Draft } from '../kinds/types.js'
import { createObject, silent } from '../writes.js'
import type { Listener } from './changes.js'
import { Queue } from './queue.js'

/** What Kubernetes' own controllers put into every namespace. */
const everywhere = (certificate: string) => [
  { resource: 'serviceaccounts', object: { kind: 'ServiceAccount', apiVersion: 'v1', metadata: { name: 'default' } } },
  { resource: 'configmaps', object: { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'kube-root-ca.crt', annotations: { 'kubernetes.io/description': 'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.' } }, data: { 'ca.crt': certificate } } },
]

/** Keeps the default service account and kube-root-ca.crt in every namespace. */
export function accountController (context: Context, certificate: string): { listener: Listener, queue: Queue } {
  const wanted = everywhere(certificate)
  const queue = new Queue('accounts', namespace => fill(context, namespace, wanted), context.log)
  const listener: Listener = {
    found: (row, { object }) => { if (isNamespaces(row)) queue.add(object.metadata.name) },
    changed: (row, { type, entry: { object: { metadata } }, previous }) => {
      if (isNamespaces(row) && type === 'put' && !previous) queue.add(metadata.name)
      else if (type === 'remove' && row.group === '' && metadata.namespace && wanted.some(({ resource, object }) => resource === row.resource && object.metadata.name === metadata.name)) queue.add(metadata.namespace)
    },
  }
  return { listener, queue }
}

async function fill (context: Context, namespace: string, wanted: ReturnType<typeof everywhere>): Promise<void> {
  const { storage, rows } = context
  const namespaces = rows.find('', 'v1', 'namespaces')
  const found = namespaces && storage.get(namespaces.bucket, `${namespaces.bucket}/${namespace}`)
  if (!found || found.object.metadata.deletionTimestamp) return
  for (const { resource, object } of wanted) {
    const row = rows.find('', 'v1', resource)
    if (!row || storage.get(row.bucket, `${row.bucket}/${namespace}/${object.metadata.name}`)) continue
    await createObject(context, row, namespace, structuredClone(object) as Draft, silent()).catch((error: { code?: number }) => {
      if (error.code !== 404 && error.code !== 409 && error.code !== 403) throw error
    })
  }
}
