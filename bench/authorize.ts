// Decisions per second of the authorizer: with ten people and with ten thousand, one binding each. The ratio says what other people's bindings cost.
import pino from 'pino'
import { createAccess } from '../core/auth/access.js'
import type { Attributes } from '../core/sdk/index.js'
import { namespaces, roleBindings, roles } from '../schemas/kube/builtin.js'
import { fakeKube } from '../tests/helpers/fake-kube.js'

const projects = 10
const rules = [{ apiGroups: ['*'], resources: ['pods', 'configmaps'], verbs: ['get', 'list', 'watch'] }]

function accessOf (people: number) {
  const places = Array.from({ length: projects }, (_, i) => `project-${i}`)
  const kube = fakeKube(
    [namespaces, places.map(name => ({ metadata: { name } }))],
    [roles, places.map(namespace => ({ metadata: { name: 'viewer', namespace }, rules }))],
    [roleBindings, Array.from({ length: people }, (_, i) => ({
      metadata: { name: `person-${i}-viewer`, namespace: places[i % projects] ?? '' },
      subjects: [{ kind: 'User', name: `person-${i}` }],
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'viewer' },
    }))]
  )
  return createAccess({ kube, mode: 'RBAC', openPaths: [], globalResources: new Set(), log: pino({ level: 'silent' }) })
}

const question = (i: number): Attributes => ({
  user: { name: `person-${i % 10}`, groups: ['system:authenticated'], by: 'bearer' },
  verb: 'list',
  workspace: '',
  namespace: `project-${i % projects}`,
  devops: '',
  apiGroup: '',
  apiVersion: 'v1',
  resource: 'pods',
  subresource: '',
  name: '',
  isKubernetesRequest: true,
  isResourceRequest: true,
  path: '/api/v1/namespaces/x/pods',
  resourceScope: 'Namespace',
})
const questions = Array.from({ length: 100 }, (_, i) => question(i))

async function rate (access: ReturnType<typeof accessOf>, seconds = 1): Promise<number> {
  const end = performance.now() + seconds * 1000
  let count = 0
  while (performance.now() < end) {
    for (const one of questions) {
      const decision = await access.authorize(one)
      if (!decision.allowed) throw new Error(`${one.user.name} is refused`)
    }
    count += questions.length
  }
  return count / seconds
}

const few = accessOf(10)
const many = accessOf(10_000)
await rate(few, 0.5)
await rate(many, 0.5)
const pairs = []
for (let i = 0; i < 5; i++) pairs.push([await rate(few), await rate(many)] as const)
const ratio = pairs.map(([a, b]) => a / b).sort((a, b) => a - b)[2] ?? 0
console.log(`a decision: ${Math.round(pairs[0]?.[0] ?? 0)}/s with 10 people, ${Math.round(pairs[0]?.[1] ?? 0)}/s with 10000: ${ratio.toFixed(2)} times the cost`)
