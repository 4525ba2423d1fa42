/** One exchange of a fact. In every text `{ns}` is the fact's own namespace, and `{x}` what an earlier step has saved as x. */
export interface Step {
  /** `GET /api/v1/namespaces/{ns}/configmaps/a` */
  readonly ask: string
  readonly body?: unknown
  /** The body's media type; JSON. */
  readonly type?: string
  readonly accept?: string
  /** A user to impersonate. */
  readonly as?: string
  readonly groups?: readonly string[]
  readonly status: number
  /** Where Kubernetes answers 500 to a request that is wrong, ours tells what is wrong with it: this status, of which nothing else is compared. */
  readonly ours?: number
  /** Names for values of the answer, by their paths (`metadata.uid`). */
  readonly save?: Readonly<Record<string, string>>
  /** Asked again until the status is the expected one and, where given, the value at a path is so: what controllers do takes a moment. */
  readonly until?: readonly [path: string, value: unknown] | true
  /** What of the answer is compared beyond the status: all of it (default), nothing, or the values at these paths. */
  readonly compare?: 'all' | 'none' | readonly string[]
  /** A watch: this many events are read, then it is closed. */
  readonly events?: number
  /** Headers of the answer that are compared. */
  readonly headers?: readonly string[]
}

/** A short exchange and what is true of it: of a real kube-apiserver, which recorded it, and of the embedded one. */
export interface Fact {
  readonly name: string
  readonly steps: readonly Step[]
}
