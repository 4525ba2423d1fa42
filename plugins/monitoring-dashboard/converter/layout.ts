import { isRecord } from '../../../core/sdk/index.js'
import { unreadable } from '../parse.js'
import * as shapes from './grafana-shapes.js'
import { membersOf, type Members } from './members.js'
import { listOf, object, type Shape } from './shapes.js'

export const typeOf = (panel: unknown): string => membersOf(panel).text('type') ?? ''

/** All panels of a dashboard in their order: those of rows in place of the row, those of the old layout at the end. */
export function panelsOf (dashboard: Members): readonly unknown[] {
  const inRows = (rows: readonly unknown[]): readonly unknown[] => rows.flatMap(row => membersOf(row).list('panels'))
  return [...dashboard.list('panels').flatMap(panel => typeOf(panel) === 'row' ? inRows([panel]) : [panel]), ...inRows(dashboard.list('rows'))]
}

const panel: Shape = value => shapes.commonPanel(value) && (typeOf(value) === 'row' ? row(value) : shapes.panelTypes.get(typeOf(value))?.(value) ?? true)
const row = object({ panels: listOf(value => panel(value)) })
const dashboard = shapes.dashboard(panel)

const unread = new Set(['stat', 'dashlist', 'heatmap', 'row'])
/** Panels that the converter of 3.x drops. */
export const isDropped = (panel: unknown): boolean => unread.has(typeOf(panel))

const hasPlainHeight = (panel: unknown): boolean => ['string', 'undefined'].includes(typeof membersOf(panel).raw('height'))

/** Whether the converter of 3.x reads a dashboard: every member it knows has its type, and nothing is there that ends it. */
export function isReadable (value: unknown): boolean {
  if (!dashboard(value)) return false
  const members = membersOf(value)
  return !members.list('panels').includes(null) && panelsOf(members).every(panel => isDropped(panel) || hasPlainHeight(panel))
}

/** Members that panels get from a library in all: one of its panels may be referred to by many. */
const mostFromLibrary = 100_000
const countOf = (value: unknown): number => typeof value === 'object' && value !== null ? Object.values(value).reduce((sum: number, one) => sum + countOf(one), 1) : 1

interface LibraryPanel { readonly model: Record<string, unknown>, readonly members: number }

/** Panels that are kept in a library: what an export says of them, by their uid. */
function libraryOf (dashboard: Members): ReadonlyMap<string, LibraryPanel> {
  const elements = dashboard.raw('__elements')
  return new Map(Object.values(isRecord(elements) || Array.isArray(elements) ? elements : {}).flatMap(element => {
    const [uid, model] = [membersOf(element).text('uid'), membersOf(element).raw('model')]
    return uid && isRecord(model) ? [[uid, { model, members: countOf(model) }]] : []
  }))
}

/** Puts panels of a library in place of the references to them, as far as the dashboard brings them along; throws where they become too many. */
export function libraryPanels (dashboard: Members): (panel: unknown) => unknown {
  const library = libraryOf(dashboard)
  let members = 0
  return panel => {
    const reference = membersOf(panel).object('libraryPanel')
    const known = library.get(reference.text('uid') ?? '')
    if (known && (members += known.members) > mostFromLibrary) throw unreadable(`panels of its library have more than ${mostFromLibrary} members`)
    const model = known?.model ?? reference.raw('model')
    return isRecord(panel) && isRecord(model) ? { ...model, ...panel, type: model.type } : panel
  }
}
