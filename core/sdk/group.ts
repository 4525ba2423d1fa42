import type { FastifyInstance } from 'fastify'
import type { Static, TObject } from '@sinclair/typebox'
import type { Services } from './services.js'
import type { Reconciler } from './reconciler.js'
import type { Identity } from '../auth/types.js'
import type { Status } from '../errors/status-error.js'
import type { Check } from '../observe/health.js'
import type { RequestInfo } from '../request/types.js'
import type { Kind, KubeObject } from '../kube/types.js'

export type App = FastifyInstance

/** A write to a Kubernetes object through plain /api or /apis, as the gateway sees it. */
export interface KubeWrite {
  readonly user: Identity
  readonly info: RequestInfo
  /** True where the request goes on with the server's own identity, so that Kubernetes' RBAC is no second lock. */
  readonly asServer: boolean
  /** The object as it would be stored (create, update, and patches applied to the stored one); undefined for delete. */
  readonly object?: KubeObject
  /** The object as it is stored now; undefined for create. */
  readonly stored?: KubeObject
}

/** What a group asks of its objects where people reach them through plain /api and /apis. */
export interface ObjectGuard {
  /** `users.iam.kubesphere.io`, `namespaces`. */
  resource: string
  /** Returns the object with what may not leave removed; used on get, list, watch and write answers. */
  redact? (object: KubeObject, user: Identity): KubeObject
  /** The same for refusals, which may repeat what was sent. */
  redactStatus? (status: Status): Status
  /**
   * Looks at a write before it is sent; throws what the caller may see. A returned object is sent in place of the one that came
   * (patches then become updates that carry the stored resourceVersion).
   */
  write? (write: KubeWrite): KubeObject | undefined | Promise<KubeObject | undefined>
  /** A write that authorization refused, but that the group allows its caller by other rules (own account). Such a write goes with the server's identity. */
  permits? (user: Identity, info: RequestInfo): boolean
}

/** An object that the group needs in the cluster. */
export interface SeedObject {
  kind: Kind
  object: KubeObject
  /** `keep`: never touched once it is there. `repair`: labels and annotations that are missing are put back; values that people changed stay. */
  policy: 'keep' | 'repair'
}

/** What the group needs in the cluster: created where it is absent. */
export interface Seed {
  /** CustomResourceDefinitions, as objects; versions that are missing are added. */
  crds?: readonly KubeObject[]
  /** In the order in which they are to be created. */
  objects?: readonly SeedObject[]
}

/** What a group serves and runs, once it has its services. */
export interface GroupParts {
  /** Routes under `/kapis/{apiGroup}/{version}`. */
  versions?: Record<string, (app: App) => void | Promise<void>>
  /** Routes at the root, for the few groups that are not under /kapis. */
  root?: (app: App) => void | Promise<void>
  reconcilers?: readonly Reconciler[]
  guards?: readonly ObjectGuard[]
  /** Named checks for /readyz?verbose. */
  checks?: Record<string, Check>
  /** Runs once at the start, after all seeds are in the cluster and stores are synced, before anything is served. Lines that it answers are printed for the person who starts the server. */
  start?: () => Promise<readonly string[]>
  close?: () => void | Promise<void>
}

/** What a command of an operator works with, where no server runs in this process. */
export type CommandServices = Pick<Services, 'kube' | 'passwords' | 'authentication'>

/** Done to one object from the command line; answers lines for the operator, throws a sentence. `input`: the text on stdin, '' where there is none. */
export type Command = (name: string, input: () => Promise<string>) => Promise<readonly string[]>

export interface GroupDefinition<N extends keyof Services = keyof Services, C extends TObject = TObject> {
  name: string
  /** `iam.kubesphere.io`; absent for groups that serve only root routes. */
  apiGroup?: string
  /** The services that `setup` is given. */
  needs: readonly N[]
  /** The group's slice of kubesphere.yaml: section names → shapes. */
  config?: C
  /** Resources of this group that are authorised at Global scope. */
  globalResources?: readonly string[]
  /** Paths open to everybody: exact, or a prefix ending in `*`. */
  openPaths?: readonly string[]
  seed?: Seed
  /** Commands for the operator, by name; config/flags.ts lists the names. */
  commands?: (services: CommandServices) => Readonly<Record<string, Command>>
  setup (services: Pick<Services, N> & { config: Static<C> }): GroupParts | Promise<GroupParts>
}

/** Declares an API group: one Fastify plugin, mounted by app.ts. */
export const defineGroup = <const N extends keyof Services, C extends TObject>(definition: GroupDefinition<N, C>): GroupDefinition =>
  definition as unknown as GroupDefinition
