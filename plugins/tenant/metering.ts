import { labels } from '../../schemas/iam/v1alpha2.js'
import { namespaces, type Namespace } from '../../schemas/kube/builtin.js'
import { workspaceTemplates } from '../../schemas/tenant/kinds.js'
import { badRequest, isRange, meterNames, nameFilter, promql, timesAfter, type AskOptions, type Hierarchy, type Identity, type Kube, type Metering, type MeteringQuestion, type MetricScope, type Results, type Times } from '../../core/sdk/index.js'
import type { Rights } from './rights.js'

type Level = MetricScope['level']

/** Levels as clients name them. */
const levels = new Map<string, Level>([
  ['LevelCluster', 'cluster'],
  ['LevelNode', 'node'],
  ['LevelWorkspace', 'workspace'],
  ['LevelNamespace', 'namespace'],
  ['LevelApplication', 'application'],
  ['LevelWorkload', 'workload'],
  ['LevelService', 'service'],
  ['LevelPod', 'pod'],
])
const ofProjects = new Set<Level>(['application', 'workload', 'service'])

/** Reads a level; a 400 for what is none, and for one that needs a project and has none. */
export function readLevel (text: string | undefined, namespace: string | undefined): Level {
  const level = levels.get(text ?? '')
  if (!level) throw badRequest('Parmameter [level] not found')
  if (ofProjects.has(level) && !namespace) throw badRequest('Parmameter [namespace] not found')
  return level
}

const notAllowed = (scope: string) => badRequest(`scope [${scope}] not allowed`)

export interface TenantMeteringOptions { kube: Kube, rights: Rights, metering: Metering }

/** Meters within what the caller may see: who may list the pods of a place may see what they use. */
export function createTenantMetering ({ kube, rights, metering }: TenantMeteringOptions) {
  const spaces = kube.store(namespaces)
  const templates = kube.store(workspaceTemplates)

  /** A project that the caller may measure, since it was created; a 400 for any other. */
  async function within (user: Identity, name: string, times: Times): Promise<Times> {
    if (!await rights.listsPods(user, { namespace: name })) throw notAllowed('Namespace')
    const project = spaces.get(name)
    if (!project || !await rights.seesProject(user, project)) throw badRequest('resource not found')
    const since = timesAfter(times, Date.parse(project.metadata.creationTimestamp ?? '') / 1000)
    if (!since) throw badRequest("'end' or 'time' must be after the namespace creation time.")
    return since
  }

  async function workspacesOf (user: Identity): Promise<string[]> {
    const all = await rights.listsAllWorkspaces(user)
    const visible = all ? templates.list().map(({ metadata }) => metadata.name) : [...rights.workspacesOf(user)].filter(name => templates.get(name))
    return allowed(visible, name => rights.listsPods(user, { workspace: name }))
  }

  async function projectsOf (user: Identity, workspace: string | undefined): Promise<string[]> {
    const all = await rights.listsAll(user, 'namespaces', workspace ?? '')
    const visible: readonly Namespace[] = all ? spaces.list() : [...rights.projectsOf(user)].flatMap(name => spaces.get(name) ?? [])
    const inside = visible.filter(({ metadata }) => !workspace || metadata.labels?.[labels.workspace] === workspace)
    return allowed(inside.map(({ metadata }) => metadata.name), name => rights.listsPods(user, { namespace: name }))
  }

  async function allowed (names: readonly string[], may: (name: string) => Promise<boolean>): Promise<string[]> {
    const answers = await Promise.all(names.map(may))
    return names.filter((_name, at) => answers[at])
  }

  /** The question narrowed to what the caller may see; undefined where that is nothing. */
  async function narrowed (user: Identity, question: MeteringQuestion): Promise<MeteringQuestion | undefined> {
    const { scope, times } = question
    const { level, workspace, namespace, resourcesFilter = '' } = scope
    const ofProject = level !== 'cluster' && level !== 'node' && level !== 'workspace'
    if (ofProject && namespace) return { ...question, times: await within(user, namespace, times) }
    if (level === 'workspace' && workspace) {
      if (!await rights.listsPods(user, { workspace })) throw notAllowed('Workspace')
      return question
    }
    if (level !== 'workspace' && level !== 'namespace') {
      if (!await rights.listsPods(user, {})) throw notAllowed('Cluster')
      return question
    }
    const fits = nameFilter(resourcesFilter)
    const names = (level === 'workspace' ? await workspacesOf(user) : await projectsOf(user, workspace)).filter(fits)
    return names.length > 0 ? { ...question, scope: { ...scope, resourcesFilter: names.map(promql.literal).join('|') } } : undefined
  }

  /** The meters that were asked for, without a value. */
  function empty ({ scope, metricsFilter, times }: MeteringQuestion): Results | null {
    const names = meterNames(scope.level, metricsFilter)
    return names.length > 0 ? { results: names.map(name => ({ metric_name: name, data: { resultType: isRange(times) ? 'matrix' : 'vector' } })) } : null
  }

  return {
    /** As the service of the same name, for one caller. */
    of: (user: Identity): Pick<Metering, 'measure' | 'export'> => ({
      async measure (question) {
        const mine = await narrowed(user, question)
        return mine ? metering.measure(mine) : empty(question)
      },
      async export (question) {
        const mine = await narrowed(user, question)
        return (mine ? await metering.export(mine) : null) ?? 'no data'
      },
    }),
    /** Of the project of the path, or of another one, for which the caller's credential was not looked at yet. */
    async hierarchy (user: Identity, { path, other }: { path: string, other: string | undefined }, times: Times, options: AskOptions): Promise<Hierarchy> {
      const namespace = other || path
      if (namespace !== path && !rights.reachesPods(user, namespace)) throw notAllowed('Namespace')
      return metering.hierarchy(namespace, await within(user, namespace, times), options)
    },
    prices: () => metering.prices(),
  }
}

export type TenantMetering = ReturnType<typeof createTenantMetering>
