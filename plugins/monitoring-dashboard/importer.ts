import type { Dashboard, Panel } from '../../schemas/monitoring/dashboards.js'
import { badRequest, isRecord, StatusError, type Kind, type Kube, type ObjectRef } from '../../core/sdk/index.js'
import type { ImportConfig } from './config.js'
import { convertDashboard } from './converter/index.js'
import { panelsOf } from './converter/layout.js'
import { membersOf } from './converter/members.js'
import type { Download } from './download.js'
import { parseDashboard, unreadable } from './parse.js'

/** Bounds of a dashboard: bytes, as Kubernetes keeps no more of one object, and panels. */
const most = { bytes: 1_400_000, panels: 2_000 }

export interface Imported {
  dashboard: Dashboard
  /** What the dashboard lost on its way, a sentence each. */
  lost: readonly string[]
}

const fields = ['grafanaDashboardUrl', 'grafanaDashboardContent', 'description'] as const

/** What the caller sends; members that we do not know are nobody's business. */
function readBody (body: unknown): Record<typeof fields[number], string> {
  if (body === undefined) throw badRequest('EOF')
  if (body !== null && !isRecord(body)) throw badRequest('the body must be one JSON object')
  const members = membersOf(body)
  const textOf = (field: string): string => {
    const text = members.raw(field) ?? ''
    if (typeof text !== 'string') throw badRequest(`${field} must be a text`)
    return text
  }
  return { grafanaDashboardUrl: textOf(fields[0]), grafanaDashboardContent: textOf(fields[1]), description: textOf(fields[2]) }
}

/** As ks-apiserver answers: an axis and a gauge that say nothing are stored, but not shown beside fields that are all absent. */
function shown ({ xaxis, gauge, ...panel }: Panel): Panel {
  const says = (part: object | undefined, ...others: unknown[]): boolean => part !== undefined && (Object.keys(part).length > 0 || others.some(other => other !== undefined))
  return {
    ...panel,
    ...xaxis && says(xaxis, panel.bars, panel.lines, panel.stack, panel.yaxes) ? { xaxis } : {},
    ...gauge && says(gauge, panel.sparkline, panel.valueName) ? { gauge } : {},
  }
}

/** What Kubernetes refuses is the caller's to read, as a 400 whatever it was. */
function refusal (error: unknown): never {
  throw error instanceof StatusError && error.code < 500 ? badRequest(error.message, error) : error
}

/** Imports Grafana dashboards; only the kind, the namespace and the name that the caller is authorised for are read or made. */
export function createImporter ({ kube, download, config }: { kube: Kube, download: Download, config: ImportConfig }) {
  async function contentOf (url: string, content: string): Promise<string> {
    if (url === '') return content
    if (!config.importFromURL) throw badRequest('importing dashboards from an address is turned off: send their content')
    return download(url)
  }

  return async function importDashboard (kind: Kind<Dashboard>, ref: ObjectRef, body: unknown): Promise<Imported> {
    const { grafanaDashboardUrl: url, grafanaDashboardContent: content, description } = readBody(body)
    if (url === '' && content === '') throw badRequest('the requested parameter grafanaDashboardUrl and grafanaDashboardContent cannot be empty at the same time')
    const grafana = parseDashboard(await contentOf(url, content))
    if (panelsOf(membersOf(grafana)).length > most.panels) throw unreadable(`it has more than ${most.panels} panels`)
    const { spec, lost } = convertDashboard(grafana)
    if (Buffer.byteLength(JSON.stringify(spec)) > most.bytes) throw unreadable('it is too large to be stored')
    if (await kube.find(kind, ref).catch(() => undefined)) throw badRequest('dashboards with the same name already exists.')
    const created = await kube.create(kind, { metadata: { ...ref, annotations: { 'kubesphere.io/description': description } }, spec }).catch(refusal)
    const panels = created.spec?.panels?.map(shown)
    return { dashboard: { ...created, spec: { ...created.spec, ...panels ? { panels } : {} } }, lost }
  }
}
export type ImportDashboard = ReturnType<typeof createImporter>
