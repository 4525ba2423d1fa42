import { promql } from '../../core/sdk/index.js'

/** What is wrong with a template of a label or annotation; undefined where Prometheus would take it. */
export function templateProblem (text: string): string | undefined {
  try { promql.parseAlertTemplate(text) } catch (error) { return (error as Error).message }
  return undefined
}

/** Whether a template asks for series itself, which nothing limits to a project. */
export const readsSeries = (text: string): boolean => promql.parseAlertTemplate(text).functions.has('query')
