import t from 'tap'
import { cover, names } from '../../../plugins/iam/rules.js'
import type { PolicyRule } from '../../../schemas/kube/builtin.js'

const rule = (verbs: string, groups: string, resources: string, resourceNames?: string[]): PolicyRule => ({ verbs: verbs.split(' '), apiGroups: groups.split(','), resources: resources.split(' '), ...(resourceNames ? { resourceNames } : {}) })
const path = (verbs: string, ...nonResourceURLs: string[]): PolicyRule => ({ verbs: verbs.split(' '), nonResourceURLs })
const all = rule('*', '*', '*')

const facts: [string, PolicyRule[], PolicyRule[], boolean][] = [
  ['everything covers anything', [all], [rule('get', 'apps', 'deployments/scale'), rule('*', '', 'pods')], true],
  ['but no paths', [all], [path('get', '/metrics')], false],
  ['nothing is covered by nothing', [], [], true],
  ['nothing covers something', [], [rule('get', '', 'pods')], false],
  ['a verb more', [rule('get list', '', 'pods')], [rule('get list watch', '', 'pods')], false],
  ['verbs from two rules', [rule('get', '', 'pods'), rule('list', '', 'pods')], [rule('get list', '', 'pods')], true],
  ['all verbs are more than each of them', [rule('get list watch create update patch delete', '', 'pods')], [rule('*', '', 'pods')], false],
  ['another group', [rule('get', 'apps', 'deployments')], [rule('get', 'extensions', 'deployments')], false],
  ['the core group is no wildcard', [rule('get', '', 'pods')], [rule('get', '*', 'pods')], false],
  ['a resource is not its subresources', [rule('get', '', 'pods')], [rule('get', '', 'pods/log')], false],
  ['a subresource of any', [rule('get', '', '*/log')], [rule('get', '', 'pods/log')], true],
  ['named objects', [rule('get', '', 'pods', ['a', 'b'])], [rule('get', '', 'pods', ['a'])], true],
  ['other names', [rule('get', '', 'pods', ['a'])], [rule('get', '', 'pods', ['a', 'b'])], false],
  ['all names are more than some', [rule('get', '', 'pods', ['a'])], [rule('get', '', 'pods')], false],
  ['a path below', [path('get', '/metrics*')], [path('get', '/metrics/x')], true],
  ['a path beside', [path('get', '/metrics')], [path('get', '/metrics/x')], false],
  ['more than can be compared', [rule('get', '', 'pods')], [{ verbs: Array.from({ length: 200 }, (_, i) => `v${i}`), apiGroups: Array.from({ length: 200 }, (_, i) => `g${i}`), resources: ['x'] }], false],
  ['but not for whoever holds everything', [all], [{ verbs: Array.from({ length: 200 }, (_, i) => `v${i}`), apiGroups: Array.from({ length: 200 }, (_, i) => `g${i}`), resources: ['x'] }], true],
  ['paths and resources in one rule', [all], [{ ...rule('get', '', 'pods'), nonResourceURLs: ['/x'] }], false],
  ['broken rules grant nothing', [{ verbs: ['*'] }], [rule('get', '', 'pods')], false],
  ['and ask for nothing', [], [{ verbs: ['*'] }], true],
]
for (const [what, held, wanted, expected] of facts) t.equal(cover(held, wanted), expected, what)

t.notOk(names([all], 'bind', 'roles', ['rbac.authorization.k8s.io'], 'x'), 'a wildcard does not say bind')
t.ok(names([rule('bind', 'rbac.authorization.k8s.io', 'roles')], 'bind', 'roles', ['rbac.authorization.k8s.io'], 'x'))
t.notOk(names([rule('bind', 'rbac.authorization.k8s.io', 'roles', ['y'])], 'bind', 'roles', ['rbac.authorization.k8s.io'], 'x'))
