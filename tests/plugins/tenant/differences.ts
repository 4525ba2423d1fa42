/** An answer of ours that is not the recorded one of ks-apiserver 3.4.1, and why. */
export interface Difference {
  method: string
  path: RegExp
  /** Who asks; all where none is named. */
  as?: RegExp
  /** The status of ours. */
  status: number
  reason: string
}

const base = '^/kapis/tenant\\.kubesphere\\.io'
const path = (rest: string): RegExp => new RegExp(`${base}${rest}$`)
const strangersToA = /^(carol|dave|erin)$/
const strangersToB = /^(alice|bob|dave|erin|frank)$/
const closed = 'T2, P31: the reference shows it to everybody who is logged in; here to members and to those whose role lets them read it'
const creator = 'T5: a project has its creator\'s name, and the creator a binding, so that alice has ns-new from when she made it'

/** The only list of them for this group; `differences.test.ts` holds a report of the replay against it. */
export const differences: readonly Difference[] = [
  { method: 'GET', path: path('/v1alpha2/workspaces/ws-a'), as: strangersToA, status: 404, reason: closed },
  { method: 'GET', path: path('/v1alpha2/workspaces/ws-b'), as: strangersToB, status: 404, reason: closed },
  { method: 'GET', path: path('/v1alpha3/(workspaces|workspacetemplates)/ws-a'), as: strangersToA, status: 404, reason: closed },
  { method: 'GET', path: path('/v1alpha2/workspaces/ws-a/namespaces/ns-a1'), as: strangersToA, status: 404, reason: closed },
  { method: 'GET', path: path('/v1alpha2/workspaces/ws-b/namespaces/ns-b1'), as: strangersToB, status: 404, reason: closed },
  { method: 'GET', path: path('/v1alpha2/workspaces/ws-a/workspacemembers/(alice|frank)/namespaces'), as: strangersToA, status: 403, reason: closed },
  { method: 'POST', path: path('/v1alpha2/workspaces/ws-a/namespaces'), as: /^alice$/, status: 200, reason: creator },
  { method: 'PATCH', path: path('/v1alpha2/workspaces/ws-a/namespaces/ns-new'), as: /^alice$/, status: 200, reason: creator },
  { method: 'DELETE', path: path('/v1alpha2/workspaces/ws-a/namespaces/ns-new'), as: /^alice$/, status: 200, reason: creator },
  { method: 'GET', path: path('/v1alpha2/(workspaces/ws-a/)?namespaces(/ns-new|\\?.*)?'), as: /^(admin|alice)$/, status: 200, reason: creator },
]
