import { LRUCache } from 'lru-cache'
import type { Logger } from 'pino'
import { serviceUnavailable } from '../errors/status-error.js'
import type { Kube } from '../kube/types.js'
import { labels } from '../../schemas/iam/v1alpha2.js'
import { namespaces } from '../../schemas/kube/builtin.js'
import { devopsProjects, type DevOpsProject } from '../../schemas/tenant/kinds.js'
import { annotations, globalRoles } from '../../schemas/iam/v1alpha2.js'
import { Trace } from './explain.js'
import { createGrants, type Level } from './grants.js'
import { ofAccount, selfServiceGrant } from './self-service.js'
import type { Access, Attributes, Decision, Grant, Identity, Place } from './types.js'

export type Mode = 'RBAC' | 'AlwaysAllow' | 'AlwaysDeny'

export interface AccessOptions {
  kube: Kube
  mode: Mode
  /** Exact paths, or prefixes that end in `*`. */
  openPaths: readonly string[]
  /** `resource.group` of what is authorised at Global scope. */
  globalResources: ReadonlySet<string>
  log: Logger
}

/** Subresources that run something: they need `create`, whatever the method. */
const running = new Set(['exec', 'attach', 'portforward', 'proxy'])
/** Kinds that live outside namespaces: a namespace or workspace in the path never makes them a tenant's. */
const clusterScoped = new Set(['nodes', 'persistentvolumes', 'clusterroles.rbac.authorization.k8s.io', 'clusterrolebindings.rbac.authorization.k8s.io', 'storageclasses.storage.k8s.io', 'customresourcedefinitions.apiextensions.k8s.io', 'apiservices.apiregistration.k8s.io', 'certificatesigningrequests.certificates.k8s.io', 'priorityclasses.scheduling.k8s.io', 'ingressclasses.networking.k8s.io', 'validatingwebhookconfigurations.admissionregistration.k8s.io', 'mutatingwebhookconfigurations.admissionregistration.k8s.io', 'users.iam.kubesphere.io', 'globalroles.iam.kubesphere.io', 'globalrolebindings.iam.kubesphere.io'])
/** Kinds whose watch by a workspace's label is authorised in that workspace. */
const labelledByWorkspace = new Set(['namespaces', 'workspaceroles.iam.kubesphere.io', 'workspacerolebindings.iam.kubesphere.io', 'groups.iam.kubesphere.io', 'groupbindings.iam.kubesphere.io', 'workspacetemplates.tenant.kubesphere.io'])

const everybody = new Set(['g/system:authenticated', 'g/system:unauthenticated'])
const keyOf = ({ resource, apiGroup }: Attributes): string => apiGroup ? `${resource}.${apiGroup}` : resource
const denied: Decision = Object.freeze({ allowed: false, reason: '' })
const open: Decision = Object.freeze({ allowed: true, grant: Object.freeze<Grant>({ source: 'open' }) })
const byMode: Decision = Object.freeze({ allowed: true, grant: Object.freeze<Grant>({ source: 'mode' }) })
const everythingForbidden: Decision = Object.freeze({ allowed: false, reason: 'Everything is forbidden.' })

const nowhere: Place = Object.freeze({ workspace: '', namespace: '' })
const outside: Decision = Object.freeze({ allowed: false, reason: 'the personal access token is not for this' })

const subjectKeys = new WeakMap<Pick<Identity, 'name' | 'groups'>, readonly string[]>()
/** The keys under which an identity is named in bindings; identities are the same object from one request to the next. */
function subjectsOf (identity: Pick<Identity, 'name' | 'groups'>): readonly string[] {
  let keys = subjectKeys.get(identity)
  if (!keys) subjectKeys.set(identity, keys = [`u/${identity.name}`, ...identity.groups.map(group => `g/${group}`)])
  return keys
}

/** How long the absence of a namespace or DevOps project is believed without asking again (ms), and of how many. */
const absences = { ttl: 1_000, max: 1_000 }
/** No namespace is called so. */
const devopsKey = (name: string): string => `devops/${name}`

export interface ReadyAccess extends Access {
  /** Resolves when every binding, role and namespace has been read once. */
  ready (): Promise<void>
  readonly synced: boolean
}

/** The authorizer: the caller's own bindings at the levels of the request's scope, widest first. */
export function createAccess ({ kube, mode, openPaths, globalResources, log }: AccessOptions): ReadyAccess {
  const grants = createGrants(kube)
  const spaces = kube.store(namespaces)
  const projects = kube.store(devopsProjects)
  const absent = new LRUCache<string, true>({ ...absences })
  const exact = new Set(openPaths.filter(path => !path.endsWith('*')))
  const prefixes = openPaths.filter(path => path.endsWith('*')).map(path => path.slice(0, -1))

  // Policy texts are not run: what the shipped one grants is built in.
  kube.store(globalRoles).subscribe(({ object: { metadata } }) => {
    if (metadata.annotations?.[annotations.regoOverride] && metadata.name !== 'authenticated') log.warn({ role: metadata.name }, 'the policy annotation of this role is ignored')
  }, { replay: true })

  const isOpen = (path: string): boolean => exact.has(path) || prefixes.some(prefix => path.startsWith(prefix))

  /** What the request is judged by: the verb that running something needs, and the scope that the URL itself has. */
  function effective (attributes: Attributes): Attributes {
    const { verb, isKubernetesRequest, subresource, resourceScope, namespace, path, workspace } = attributes
    let result = attributes
    if (isKubernetesRequest && running.has(subresource)) result = { ...result, verb: 'create' }
    const bySelector = verb === 'watch' && resourceScope === 'Workspace' && !path.includes(`/workspaces/${workspace}/`)
    if (bySelector && (namespace || !labelledByWorkspace.has(keyOf(attributes)))) {
      result = { ...result, workspace: '', resourceScope: globalResources.has(keyOf(attributes)) ? 'Global' : namespace ? 'Namespace' : 'Cluster' }
    }
    return result
  }

  function find (level: Level, place: string, attributes: Attributes, subjects: readonly string[], verb?: string, trace?: Trace): Grant | undefined {
    trace?.enter(level, place)
    for (const subject of subjects) {
      for (const held of grants.held(level, subject, place)) {
        if (grants.matcherOf(held)?.allows(attributes, verb)) {
          trace?.found(held, attributes)
          return held.grant(everybody.has(subject))
        }
        trace?.missed(held, attributes)
      }
    }
    return undefined
  }

  const workspaceOf = (namespace: string): string => spaces.get(namespace)?.metadata.labels?.[labels.workspace] ?? ''

  /** Where a request happens, whatever its path says of the workspace; a path that contradicts what is known is nowhere. */
  function placeOf (attributes: Attributes): Place {
    const { resourceScope, namespace, workspace, devops } = attributes
    if (clusterScoped.has(keyOf(attributes))) return nowhere
    if (resourceScope === 'Workspace') return { workspace, namespace: '' }
    if (resourceScope === 'DevOps') return { workspace: projects.get(devops)?.metadata.labels?.[labels.workspace] ?? '', namespace: projects.get(devops)?.status?.adminNamespace ?? '' }
    const known = resourceScope === 'Namespace' ? workspaceOf(namespace) : ''
    return resourceScope !== 'Namespace' || (workspace && workspace !== known) ? nowhere : { workspace: known, namespace }
  }

  /** Whether the caller's credential reaches as far; most have no limit of their own. */
  function isReached (asked: Attributes): boolean {
    const { restriction } = asked.user
    if (restriction === undefined) return true
    const attributes = effective(asked)
    return restriction.allows(attributes, placeOf(attributes))
  }

  /** The levels below global, once the namespace's workspace is known. A path's own word about it must agree, and is never believed alone. */
  function below (attributes: Attributes, workspace: string, trace?: Trace): Decision {
    const { resourceScope, namespace, workspace: claimed } = attributes
    const subjects = subjectsOf(attributes.user)
    const stray = clusterScoped.has(keyOf(attributes)) && resourceScope !== 'Cluster'
    const contradicts = resourceScope === 'Namespace' && claimed !== '' && claimed !== workspace
    // Told the same where the workspace is another one and where there is none.
    const isOutside = resourceScope === 'Namespace' && (stray || contradicts || !workspace)
    if (isOutside) trace?.enter('workspace', '')
    if (!stray && !contradicts) {
      const inWorkspace = resourceScope === 'Workspace' ? claimed : resourceScope === 'Namespace' ? workspace : ''
      const grant = (inWorkspace ? find('workspace', inWorkspace, attributes, subjects, undefined, trace) : undefined) ??
        (resourceScope === 'Namespace' && namespace ? find('namespace', namespace, attributes, subjects, undefined, trace) : undefined)
      if (grant) return { allowed: true, grant }
    }
    if (resourceScope === 'Namespace' && (stray || contradicts || !namespace)) trace?.enter('namespace', namespace)
    const grant = find('cluster', '', attributes, subjects, undefined, trace)
    return grant ? { allowed: true, grant } : denied
  }

  /** A DevOps project is judged as the namespace that keeps its objects, in the workspace of its own label; one that is not known, as none. */
  function belowProject (attributes: Attributes, project: DevOpsProject | undefined, trace?: Trace): Decision {
    return below({ ...attributes, namespace: project?.status?.adminNamespace ?? '', resourceScope: 'Namespace' }, project?.metadata.labels?.[labels.workspace] ?? '', trace)
  }

  /** The workspace of a namespace that the cache does not have, read once. Unknown stays unknown: no workspace, no workspace's rights. */
  async function readWorkspace (namespace: string): Promise<string> {
    const found = await kube.find(namespaces, { name: namespace }).catch(() => undefined)
    if (!found) absent.set(namespace, true)
    return found?.metadata.labels?.[labels.workspace] ?? ''
  }

  /** A DevOps project that the cache does not have, read once; what comes after the decision finds it in the cache. */
  async function readProject (name: string): Promise<DevOpsProject | undefined> {
    const found = await kube.find(devopsProjects, { name }).catch(() => undefined)
    if (found) await projects.waitFor(found.metadata, found.metadata.resourceVersion ?? '')
    else absent.set(devopsKey(name), true)
    return found
  }

  function inDevOps (attributes: Attributes, trace?: Trace): Decision | Promise<Decision> {
    const { devops } = attributes
    const known = projects.get(devops)
    if (known || absent.has(devopsKey(devops))) return belowProject(attributes, known, trace)
    return readProject(devops).then(project => belowProject(attributes, project, trace))
  }

  /** The one walk behind every answer; `trace` is told its steps. */
  function decide (asked: Attributes, trace?: Trace): Decision | Promise<Decision> {
    if (!isReached(asked)) return outside
    const attributes = ofAccount(effective(asked))
    const global = find('global', '', attributes, subjectsOf(attributes.user), undefined, trace) ?? selfServiceGrant(attributes)
    if (global) return { allowed: true, grant: global }
    const { resourceScope, namespace } = attributes
    if (resourceScope === 'Global') return denied
    if (resourceScope === 'DevOps') return inDevOps(attributes, trace)
    if (resourceScope !== 'Namespace' || spaces.get(namespace) || absent.has(namespace)) return below(attributes, workspaceOf(namespace), trace)
    return readWorkspace(namespace).then(workspace => below(attributes, workspace, trace))
  }

  const authorizeRBAC = (attributes: Attributes): Decision | Promise<Decision> => decide(attributes)

  const synced = (): boolean => grants.synced() && spaces.synced

  /** What the mode or an open path decides; undefined where it is for the roles. Nobody is refused for good by what has not been read yet. */
  function withoutRoles (attributes: Attributes): Decision | undefined {
    if (mode === 'AlwaysAllow') return isReached(attributes) || isOpen(attributes.path) ? byMode : outside
    if (mode === 'AlwaysDeny') return everythingForbidden
    if (isOpen(attributes.path)) return open
    if (!synced()) throw serviceUnavailable('the roles of the platform have not been read yet, please try again later')
    return undefined
  }

  return {
    authorizeRBAC,
    authorize: attributes => withoutRoles(attributes) ?? authorizeRBAC(attributes),
    async explain (attributes) {
      const trace = new Trace(grants)
      const decision = withoutRoles(attributes) ?? await decide(attributes, trace)
      return { decision, ...trace.told() }
    },
    kubernetesGrant (asked) {
      if (mode === 'AlwaysDeny' || !isReached(asked)) return undefined
      const attributes = effective(asked)
      const subjects = subjectsOf(attributes.user)
      const verb = attributes.isResourceRequest ? attributes.verb : attributes.verb.toLowerCase()
      return (attributes.namespace ? find('namespace', attributes.namespace, attributes, subjects, verb) : undefined) ?? find('cluster', '', attributes, subjects, verb)
    },
    placesOf: (user, level) => new Set(subjectsOf(user).flatMap(subject => [...grants.places(level, subject)])),
    workspaceOf,
    ready: async () => { await Promise.all([grants.ready(), spaces.ready()]) },
    get synced () { return synced() },
  }
}
