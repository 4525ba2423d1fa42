import { labels } from '../../schemas/iam/v1alpha2.js'
import { badRequest, isLabelKey, isLabelValue } from '../../core/sdk/index.js'

/** A selector that is nothing but `key=value,key=value`, as these lists take it; a 400 for any other. */
export function plainSelector (text: string): Map<string, string> {
  const pairs = text.trim() === '' ? [] : text.split(',').map(term => term.split('=').map(part => part.trim()))
  const wrong = pairs.some(([key = '', value = '', ...more]) => more.length > 0 || !isLabelKey(key) || !isLabelValue(value)) || pairs.some(pair => pair.length !== 2)
  if (wrong) throw badRequest(`invalid selector: [${text.slice(0, 256)}]`)
  return new Map(pairs as [string, string][])
}

/** The selector with the workspace of the URL, whatever it said of workspaces itself. */
export const inWorkspace = (pairs: ReadonlyMap<string, string>, workspace: string): string =>
  [...new Map([...pairs, [labels.workspace, workspace]])].map(([key, value]) => `${key}=${value}`).join(',')
