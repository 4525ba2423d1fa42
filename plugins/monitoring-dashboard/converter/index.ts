import { isRecord } from '../../../core/sdk/index.js'
import type { Annotation, DashboardSpec, Panel, Variable } from '../../../schemas/monitoring/dashboards.js'
import { hasSelectors } from './expressions.js'
import { isDropped, isReadable, libraryPanels, panelsOf, typeOf } from './layout.js'
import { filled, given, membersOf, type Members } from './members.js'
import { modernPanels } from './modern-panels.js'
import { exactPanels, reduced } from './panels.js'
import { convertAnnotation, convertVariable, datasourceOf, isBuiltIn } from './variables.js'

export interface Conversion {
  spec: DashboardSpec
  /** What the dashboard had and its conversion has not, a sentence each. */
  lost: readonly string[]
}

type Lose = (what: string) => void

/** `panel 3 "CPU"`. */
const nameOf = (panel: Members): string => ['panel', panel.natural('id'), `"${panel.text('title') ?? ''}"`].filter(part => part !== undefined).join(' ')

function heightOf (panel: Members): string | undefined {
  const height = panel.raw('height')
  return typeof height === 'number' ? String(height) : panel.text('height')
}

/** A panel as it is stored; undefined for one that has no counterpart. */
function convertPanel (value: unknown, modern: boolean, lose: Lose): Panel | undefined {
  const panel = membersOf(value)
  const [type, name] = [typeOf(value), nameOf(panel)]
  const convert = (modern ? modernPanels : exactPanels).get(type)
  if (!convert && isDropped(value)) {
    lose(`${name} is left out: ${type} has no counterpart`)
    return undefined
  }
  if (!convert) lose(panel.isObject('libraryPanel') && type === '' ? `${name} is kept in a library that did not come along` : `${name} shows its queries as single values: ${type || 'its type'} has no counterpart`)
  if (panel.list('transformations').length > 0) lose(`${name} loses its transformations`)
  if (panel.text('repeat')) lose(`${name} is not repeated for "${panel.text('repeat') ?? ''}"`)
  return {
    ...filled({ title: panel.text('title'), id: panel.natural('id') }),
    ...given({ description: panel.text('description'), datasource: datasourceOf(panel), height: heightOf(panel) }),
    ...(convert ?? reduced)(panel, modern),
  }
}

function convertPanels (dashboard: Members, modern: boolean, lose: Lose): Panel[] {
  const resolve = libraryPanels(dashboard)
  const panels = modern ? panelsOf(dashboard).filter(isRecord).map(resolve) : panelsOf(dashboard)
  const targets = panels.flatMap(panel => membersOf(panel).list('targets'))
  const narrowed = targets.filter(target => hasSelectors(membersOf(target).text('expr') ?? '')).length
  if (narrowed > 0) lose(`${narrowed} of ${targets.length} queries lose their label selectors`)
  return panels.flatMap(panel => convertPanel(panel, modern, lose) ?? [])
}

function convertVariables (dashboard: Members, modern: boolean, lose: Lose): Variable[] {
  return dashboard.object('templating').list('list').flatMap(value => {
    const variable = convertVariable(value, modern)
    if (!variable) lose(`variable "${membersOf(value).text('name') ?? ''}" is left out: it has no query in words`)
    return variable ?? []
  })
}

function convertAnnotations (dashboard: Members, lose: Lose): Annotation[] {
  return dashboard.object('annotations').list('list').flatMap(value => {
    const annotation = convertAnnotation(value)
    if (!annotation && !isBuiltIn(value)) lose(`annotation "${membersOf(value).text('name') ?? ''}" is left out: only annotations by tags have a counterpart`)
    return annotation ?? []
  })
}

/**
 * A Grafana dashboard as ours. What the converter of 3.x reads becomes exactly what it became there; all others are read forgivingly, and
 * newer types of panels find the nearest older one.
 */
export function convertDashboard (value: object): Conversion {
  const lost: string[] = []
  const lose: Lose = what => { lost.push(what) }
  const modern = !isReadable(value)
  const dashboard = membersOf(value)
  const time = dashboard.object('time')
  const panels = convertPanels(dashboard, modern, lose)
  if (panels.length === 0) lose('no panel was found')
  const spec = {
    ...filled({
      title: dashboard.text('title'),
      editable: dashboard.flag('editable'),
      shared_crosshair: dashboard.flag('sharedCrosshair'),
      tags: dashboard.texts('tags'),
      auto_refresh: dashboard.text('refresh'),
      timezone: dashboard.text('timezone'),
      annotations: convertAnnotations(dashboard, lose),
      panels,
      templatings: convertVariables(dashboard, modern, lose),
    }),
    time: filled({ from: time.text('from'), to: time.text('to') }),
  }
  return { spec, lost }
}
