import { createHash, X509Certificate } from 'node:crypto'
import { dump, load } from 'js-yaml'
import type { KubeEndpoint } from '../../../core/sdk/index.js'

/** A certificate and its key, as a kubeconfig holds them (base64 of PEM). */
export interface Credential { readonly certificate: string, readonly key: string }

/** What of a kubeconfig is ours to say. */
export interface Kubeconfig { readonly server: string, readonly ca: string, readonly credential?: Credential }

const clusterName = 'local'
const base64 = (text: string): string => Buffer.from(text).toString('base64')

export const kubeconfigOf = ({ server, ca = '' }: KubeEndpoint, credential: Credential | undefined): Kubeconfig => ({ server, ca: base64(ca), ...(credential ? { credential } : {}) })

/** The kubeconfig of somebody, as YAML; without a credential `users` is null. */
export function writeKubeconfig (name: string, { server, ca, credential }: Kubeconfig): string {
  const context = `${name}@${clusterName}`
  return dump({
    apiVersion: 'v1',
    clusters: [{ cluster: { ...(ca ? { 'certificate-authority-data': ca } : {}), server }, name: clusterName }],
    contexts: [{ context: { cluster: clusterName, namespace: 'default', user: name }, name: context }],
    'current-context': context,
    kind: 'Config',
    preferences: {},
    users: credential ? [{ name, user: { 'client-certificate-data': credential.certificate, 'client-key-data': credential.key } }] : null,
  }, { lineWidth: -1, noRefs: true })
}

const briefly = (server: string, ca: string, hasKey: boolean): string => createHash('sha256').update(JSON.stringify([server, ca, hasKey])).digest('base64')

/** What tells whether a kubeconfig is still good, in a hundredth of its length: where it leads, whom it trusts, and whether it has a key. */
export const briefOf = (text: string): string =>
  briefly(/\bserver: (\S+)/.exec(text)?.[1] ?? '', /\bcertificate-authority-data: (\S+)/.exec(text)?.[1] ?? '', /\bclient-key-data: \S/.test(text))

/** The brief of a kubeconfig of ours that has a key. */
export const briefWithKey = ({ server, ca }: Kubeconfig): string => briefly(server, ca, true)

type Fields = Record<string, unknown>
const fieldsOf = (value: unknown): Fields => typeof value === 'object' && value !== null ? value as Fields : {}
const named = (list: unknown, name: string): Fields => Array.isArray(list) ? fieldsOf(list.find(item => fieldsOf(item).name === name)) : {}
const textOf = (value: unknown): string => typeof value === 'string' ? value : ''

/** Reads what `writeKubeconfig` wrote, or somebody else; undefined where that is no kubeconfig. */
export function readKubeconfig (name: string, text: string): Kubeconfig | undefined {
  try {
    const { clusters, users } = fieldsOf(load(text))
    const { server, 'certificate-authority-data': ca } = fieldsOf(named(clusters, clusterName).cluster)
    const { 'client-certificate-data': certificate, 'client-key-data': key } = fieldsOf(named(users, name).user)
    return { server: textOf(server), ca: textOf(ca), ...(textOf(certificate) && textOf(key) ? { credential: { certificate: textOf(certificate), key: textOf(key) } } : {}) }
  } catch { return undefined }
}

/** When a certificate ends (ms); 0 for what is none. */
export function endOf ({ certificate }: Credential): number {
  try { return Date.parse(new X509Certificate(Buffer.from(certificate, 'base64')).validTo) } catch { return 0 }
}
