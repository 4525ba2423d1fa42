import { isRecord } from '../../../core/sdk/index.js'
import type { Annotation, Variable } from '../../../schemas/monitoring/dashboards.js'
import { filled, given, membersOf, type Members } from './members.js'

/** The name of a data source; newer dashboards say which by an object. */
export function datasourceOf (members: Members): string | undefined {
  const object = members.object('datasource')
  return members.text('datasource') ?? (object.text('uid') || object.text('type') || undefined)
}

/** Grafana's own annotation has this name in every dashboard. */
const builtIn = 'Annotations & Alerts'
const annotationTexts = ['name', 'iconColor', 'lineColor', 'query', 'expr', 'step', 'textField', 'textFormat', 'titleFormat', 'tagsField', 'tagKeys', 'type']
const variableTexts = ['name', 'type', 'allFormat', 'allValue', 'multiFormat', 'regex', 'label']
const by = <T>(names: readonly string[], read: (name: string) => T) => Object.fromEntries(names.map(name => [name, read(name)]))

export const isBuiltIn = (annotation: unknown): boolean => membersOf(annotation).text('name') === builtIn

/** An annotation as it is stored; undefined for one that consoles do not know. */
export function convertAnnotation (value: unknown): Annotation | undefined {
  const annotation = membersOf(value)
  if (isBuiltIn(value) || annotation.text('type') !== 'tags') return undefined
  return filled({ ...by(annotationTexts, name => annotation.text(name)), datasource: datasourceOf(annotation), ...by(['showLine', 'enable'], name => annotation.flag(name)), iconSize: annotation.natural('iconSize'), tags: annotation.texts('tags') })
}

const plain = (value: unknown): string | undefined => ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined
/** Newer dashboards have lists and numbers where older ones have texts. */
const joined = (value: unknown, glue: string): string | undefined => Array.isArray(value) ? value.flatMap(one => plain(one) ?? []).join(glue) : plain(value)

function convertOption (value: unknown) {
  const option = membersOf(value)
  return filled({ text: joined(option.raw('text'), ' + '), value: joined(option.raw('value'), ','), selected: option.flag('selected') })
}

/** A variable's query; newer dashboards have it inside an object, which the converter of 3.x skips. */
function queryOf (variable: Members, modern: boolean): string | undefined {
  return variable.text('query') ?? (modern ? variable.object('query').text('query') : undefined)
}

/** A variable as it is stored; undefined for one without a query in words. */
export function convertVariable (value: unknown, modern: boolean): Variable | undefined {
  const variable = membersOf(value)
  const query = queryOf(variable, modern)
  if (query === undefined) return undefined
  const hide = variable.natural('hide') ?? 0
  return {
    ...filled({ ...by(variableTexts, name => variable.text(name)), query, ...by(['auto', 'includeAll', 'multi'], name => variable.flag(name)), sort: variable.whole('sort'), hide: hide < 256 ? hide : 0 }),
    ...given({ datasource: datasourceOf(variable), auto_count: variable.whole('auto_count') }),
    ...filled({ options: variable.list('options').filter(one => one === null || isRecord(one)).map(convertOption) }),
  }
}
