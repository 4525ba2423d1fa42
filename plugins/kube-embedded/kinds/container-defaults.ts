import { isRecord, Quantity } from '../../../core/sdk/index.js'
import { listAt } from './cells.js'
import { fill, within } from './row.js'
import { referenceDefaults } from './volume-defaults.js'

type Fields = Record<string, unknown>

/** The tag of an image: `latest` where neither tag nor digest is named, nothing where the text names no image. */
function tagOf (image: string): string {
  if (!/^[a-z0-9]/.test(image) || /[\sA-Z]/.test(image.split(/[:@]/)[0] ?? '')) return ''
  const [named = '', digest] = image.split('@')
  const tag = named.slice(named.lastIndexOf('/') + 1).split(':')[1]
  return tag ?? (digest === undefined ? 'latest' : '')
}

/** What moves is pulled each time. */
const pullPolicy = (image: string): string => tagOf(image) === 'latest' ? 'Always' : 'IfNotPresent'

function actionDefaults ({ httpGet, grpc }: Fields): void {
  if (isRecord(httpGet)) {
    if (!httpGet.path) httpGet.path = '/'
    if (!httpGet.scheme) httpGet.scheme = 'HTTP'
  }
  if (isRecord(grpc)) fill(grpc, { service: '' })
}

const timing = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 }

function probeDefaults (probe: Fields): void {
  for (const [key, value] of Object.entries(timing)) if (!probe[key]) probe[key] = value
  actionDefaults(probe)
}

/** Amounts are kept to a thousandth. */
function roundAmounts (amounts: unknown): void {
  if (!isRecord(amounts)) return
  for (const [name, amount] of Object.entries(amounts)) amounts[name] = Quantity.of(amount).roundUp('milli').toString()
}

/** Fills what Kubernetes fills in a container. */
export function containerDefaults (container: Fields): void {
  fill(container, { resources: {}, terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File' })
  if (!container.imagePullPolicy) container.imagePullPolicy = pullPolicy(typeof container.image === 'string' ? container.image : '')
  for (const port of listAt(container, 'ports')) fill(port, { protocol: 'TCP' })
  for (const { valueFrom } of listAt(container, 'env')) if (isRecord(valueFrom)) referenceDefaults(valueFrom)
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) if (isRecord(container[name])) probeDefaults(container[name])
  if (isRecord(container.lifecycle)) for (const action of Object.values(container.lifecycle)) if (isRecord(action)) actionDefaults(action)
  const { limits, requests } = container.resources as Fields
  roundAmounts(limits)
  roundAmounts(requests)
}

/** What a Pod may use is what it asks for; templates leave that to the Pods that are made of them. */
export function requestDefaults (container: Fields): void {
  const { limits } = container.resources as Fields
  if (isRecord(limits) && Object.keys(limits).length) fill(within(container.resources as Fields, 'requests'), limits)
}
