/** Query pairs in the order in which they came, decoded. Pairs with a broken escape or a `;` are not in it. */
export class Query {
  constructor (readonly pairs: readonly (readonly [string, string])[]) {}

  /** The first value of a key. */
  get (key: string): string | undefined {
    for (const [k, value] of this.pairs) if (k === key) return value
    return undefined
  }

  has (key: string): boolean { return this.get(key) !== undefined }
  all (key: string): string[] { return this.pairs.filter(([k]) => k === key).map(([, value]) => value) }

  /** Encoded afresh, as it goes to an upstream; '' when empty. */
  toString (): string { return this.pairs.map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`).join('&') }
}

/** The level at which a request is authorised. '' for non-resource requests. */
export type Scope = 'Global' | 'Cluster' | 'Workspace' | 'Namespace' | 'DevOps' | ''

/** What a request asks for: resolved once, frozen, and all that any later stage looks at. */
export interface RequestInfo {
  readonly isKubernetesRequest: boolean
  readonly isResourceRequest: boolean
  /** Decoded, as it came. */
  readonly path: string
  /** A Kubernetes verb, or the upper-case method of a non-resource request. */
  readonly verb: string
  readonly apiPrefix: string
  readonly apiGroup: string
  readonly apiVersion: string
  readonly cluster: string
  readonly workspace: string
  readonly namespace: string
  readonly devops: string
  readonly resource: string
  readonly subresource: string
  readonly name: string
  readonly parts: readonly string[]
  readonly resourceScope: Scope
}

/** The request as the front door read it: one canonical path, and what follows from it. */
export interface Target {
  readonly method: string
  /** Encoded and canonical: `serialise(parse(path)) === path`. */
  readonly path: string
  readonly query: Query
  readonly info: RequestInfo
  /** Where the router looks: `path`, without `/clusters/{host}` when this cluster is the host and without a trailing slash. */
  readonly route: string
  readonly sourceIP: string
  readonly userAgent: string
}
