import { notAcceptable } from '../../core/sdk/index.js'

/** The form in which a client wants objects. */
export type Form =
  | { readonly as: 'object' }
  | { readonly as: 'table', readonly apiVersion: 'meta.k8s.io/v1' | 'meta.k8s.io/v1beta1' }
  | { readonly as: 'metadata', readonly apiVersion: 'meta.k8s.io/v1' | 'meta.k8s.io/v1beta1' }

interface Clause { type: string, params: Map<string, string> }

function clausesOf (accept: string): Clause[] {
  return accept.slice(0, 4096).split(',').map(text => {
    const [type = '', ...params] = text.split(';').map(part => part.trim())
    return { type: type.toLowerCase(), params: new Map(params.map(param => param.split('=', 2) as [string, string])) }
  }).filter(({ params }) => Number(params.get('q') ?? 1) > 0)
}

const isJSON = (type: string) => type === 'application/json' || type === 'application/*' || type === '*/*' || type === ''

function formOf ({ params }: Clause): Form | undefined {
  const as = params.get('as')
  if (!as) return { as: 'object' }
  const version = params.get('v')
  if (params.get('g') !== 'meta.k8s.io' || (version !== 'v1' && version !== 'v1beta1')) return undefined
  const apiVersion = `meta.k8s.io/${version}` as const
  if (as === 'Table') return { as: 'table', apiVersion }
  return as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList' ? { as: 'metadata', apiVersion } : undefined
}

const refuse = () => notAcceptable('only the following media types are accepted: application/json')

/** The first form of an Accept header that we can write; 406 where there is none. */
export function negotiate (accept: string): Form {
  if (accept === '' || accept === 'application/json' || accept === '*/*') return { as: 'object' }
  for (const clause of clausesOf(accept)) {
    const form = isJSON(clause.type) ? formOf(clause) : undefined
    if (form) return form
  }
  throw refuse()
}

/** Refuses an Accept that excludes JSON. */
export function requireJSON (accept: string) {
  if (accept && !clausesOf(accept).some(({ type }) => isJSON(type))) throw refuse()
}

/** The version of apidiscovery.k8s.io in which a client wants aggregated discovery, when it does. */
export function aggregatedVersion (accept: string): 'v2' | 'v2beta1' | undefined {
  for (const { type, params } of clausesOf(accept)) {
    if (!isJSON(type)) continue
    const version = params.get('v')
    if (params.get('as') === 'APIGroupDiscoveryList' && params.get('g') === 'apidiscovery.k8s.io' && (version === 'v2' || version === 'v2beta1')) return version
    if (!params.has('as')) return undefined
  }
  return undefined
}
