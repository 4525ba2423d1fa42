import { customResourceDefinitions } from '../../schemas/kube/builtin.js'
import { defineKind } from '../../schemas/kube/object.js'
import { StatusError } from '../errors/status-error.js'
import type { Kind, Kube, KubeObject } from './types.js'

interface ServiceRef { name?: string, namespace?: string }
interface ClientConfig { service?: ServiceRef }
interface Configuration extends KubeObject { webhooks?: { failurePolicy?: string, clientConfig?: ClientConfig, rules?: { resources?: string[] }[] }[] }
interface Definition extends KubeObject { spec?: { conversion?: { strategy?: string, webhook?: { clientConfig?: ClientConfig } } } }
interface Service extends KubeObject { spec?: { type?: string } }
interface EndpointSlice extends KubeObject { endpoints?: { addresses?: string[], conditions?: { ready?: boolean } }[] | null }

const namespaced = { namespaced: true }
const configurations = ['Validating', 'Mutating'].map(sort =>
  defineKind<Configuration>('admissionregistration.k8s.io/v1', `${sort.toLowerCase()}webhookconfigurations`, `${sort}WebhookConfiguration`))
const services = defineKind<Service>('v1', 'services', 'Service', namespaced)
const endpointSlices = defineKind<EndpointSlice>('discovery.k8s.io/v1', 'endpointslices', 'EndpointSlice', namespaced)

/** Services of KubeSphere's own namespaces are looked at; all others are their owners' affair. */
const isOurs = ({ namespace = '' }: ServiceRef): boolean => namespace.startsWith('kubesphere-')
/** How many objects of a kind are looked at. */
const most = 500

/** What a cluster lacks, or does not let us read, is nothing to report on. */
const unreadable = (error: unknown): undefined => {
  if (!(error instanceof StatusError && (error.code === 403 || error.code === 404))) throw error
}
const listed = async <T extends KubeObject>(kube: Kube, kind: Kind<T>): Promise<readonly T[]> => (await kube.list(kind, { limit: most }).catch(unreadable))?.items ?? []

/** Why nothing answers behind a service; undefined where something does, or where it cannot be told. */
async function silenceOf (kube: Kube, { namespace = '', name = '' }: ServiceRef): Promise<string | undefined> {
  try {
    const service = await kube.find(services, { namespace, name })
    if (!service) return 'does not exist'
    if (service.spec?.type === 'ExternalName') return undefined
    const { items } = await kube.list(endpointSlices, { namespace, labelSelector: `kubernetes.io/service-name=${name}` })
    const answers = items.some(({ endpoints }) => endpoints?.some(({ addresses = [], conditions }) => addresses.length > 0 && conditions?.ready !== false))
    return answers ? undefined : 'has no endpoint that is ready'
  } catch (error) { return unreadable(error) }
}

/** Asks about each service once. */
function createSilences (kube: Kube): (service: ServiceRef | undefined) => Promise<string | undefined> {
  const asked = new Map<string, Promise<string | undefined>>()
  return service => {
    if (!service || !isOurs(service)) return Promise.resolve(undefined)
    const { namespace, name } = service
    const id = `${namespace}/${name}`
    let silence = asked.get(id)
    if (!silence) asked.set(id, silence = silenceOf(kube, service).then(why => why && `service ${id} ${why}`))
    return silence
  }
}

/** Webhook configurations that refuse every write, because nothing answers behind them: a sentence for each, with the command that repairs it. */
export async function findDeadWebhooks (kube: Kube): Promise<string[]> {
  const silence = createSilences(kube)
  const lines: string[] = []
  for (const kind of configurations) {
    for (const { metadata: { name }, webhooks = [] } of await listed(kube, kind)) {
      const silences = await Promise.all(webhooks.map(({ clientConfig }) => silence(clientConfig?.service)))
      const refusing = webhooks.filter(({ failurePolicy }, i) => silences[i] && failurePolicy !== 'Ignore')
      if (refusing.length === 0) continue
      const resources = new Set(refusing.flatMap(({ rules = [] }) => rules.flatMap(({ resources = [] }) => resources)))
      const verb = silences.every(why => why) ? 'delete' : 'edit'
      lines.push(`${kind.kind} ${name} refuses writes of ${[...resources].join(', ') || 'what it names'}: ${silences.find(why => why)}; repair: kubectl ${verb} ${kind.kind.toLowerCase()} ${name}`)
    }
  }
  return lines
}

/** The same of conversions between versions of custom kinds. Definitions are large: ask seldom. */
export async function findDeadConversions (kube: Kube): Promise<string[]> {
  const silence = createSilences(kube)
  const lines: string[] = []
  for (const { metadata: { name }, spec } of await listed(kube, customResourceDefinitions as Kind<Definition>)) {
    const why = spec?.conversion?.strategy === 'Webhook' ? await silence(spec.conversion.webhook?.clientConfig?.service) : undefined
    if (why) lines.push(`CustomResourceDefinition ${name} cannot convert between its versions: ${why}; repair: kubectl patch customresourcedefinition ${name} --type merge --patch '{"spec":{"conversion":{"strategy":"None","webhook":null}}}'`)
  }
  return lines
}

/** With a word for whoever can repair it, where a write failed because a webhook of KubeSphere did not answer. */
export const explained = (message: string): string =>
  /failed calling webhook .*:\/\/[a-z0-9-]+\.kubesphere-[a-z0-9-]+\.svc\b/.test(message.slice(0, 2000)) ? `${message}; if nothing runs behind this webhook any more, the log and /readyz?verbose tell how to remove it` : message
