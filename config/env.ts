import { isRecord } from '../core/sdk/values.js'

const prefix = 'KUBESPHERE_'

/**
 * Environment on top of a file: `cache.options.password` is overridden by KUBESPHERE_CACHE_OPTIONS_PASSWORD. Only keys that the file has can be;
 * a variable named like a whole section is ignored, an empty one counts as unset.
 */
export function applyEnvironment (values: Record<string, unknown>, env: NodeJS.ProcessEnv, path: readonly string[] = []): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => {
    const name = [...path, key]
    if (isRecord(value)) return [key, applyEnvironment(value, env, name)]
    const given = env[prefix + name.join('_').toUpperCase().replaceAll('.', '_')]
    return [key, given === undefined || given === '' ? value : given]
  }))
}
