import t from 'tap'
import { decodeProtobuf } from '../../../core/kube/protobuf.js'

/** Writes messages: numbers as varints, text and nested messages as bytes. */
type Part = [number, string | number | Buffer | Part[]]
function varint (value: number): Buffer {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0))
    rest >>= 7n
  } while (rest > 0n)
  return Buffer.from(bytes)
}
const message = (parts: readonly Part[]): Buffer => Buffer.concat(parts.flatMap(([number, value]) => {
  if (typeof value === 'number') return [varint(number << 3), varint(value)]
  const bytes = Array.isArray(value) ? message(value) : Buffer.from(value)
  return [varint(number << 3 | 2), varint(bytes.length), bytes]
}))
const body = (apiVersion: string, kind: string, parts: readonly Part[]) =>
  Buffer.concat([Buffer.from('k8s\0'), message([[1, [[1, apiVersion], [2, kind]]], [2, message(parts)], [3, ''], [4, '']])])

const unset: Part[] = [[1, 'a'], [2, ''], [3, ''], [5, ''], [7, 0], [8, []]]
const cases = [
  { name: 'text, maps and bytes', bytes: body('v1', 'ConfigMap', [[1, [[1, 'a'], [11, [[1, 'app'], [2, 'x']]], [11, [[1, 'empty']]]]], [2, [[1, 'k'], [2, 'v']]], [3, [[1, 'b'], [2, Buffer.from([0, 255])]]]]), object: { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'a', labels: { app: 'x', empty: '' } }, data: { k: 'v' }, binaryData: { b: 'AP8=' } } },
  { name: 'what is not set is not there', bytes: body('v1', 'Namespace', [[1, unset], [2, []], [3, [[1, '']]]]), object: { kind: 'Namespace', apiVersion: 'v1', metadata: { name: 'a' } } },
  { name: 'a pointer to zero is set', bytes: body('apps/v1', 'Deployment', [[2, [[1, 0], [5, 0]]]]), object: { kind: 'Deployment', apiVersion: 'apps/v1', spec: { replicas: 0 } } },
  { name: 'inlined messages', bytes: body('v1', 'Pod', [[2, [[1, [[1, 'v'], [2, [[2, []]]]]], [2, [[1, 'c'], [10, [[1, [[2, [[1, '/'], [2, [[1, 0], [2, 80]]]]]]], [2, 5]]]]]]]]), object: { kind: 'Pod', apiVersion: 'v1', spec: { volumes: [{ name: 'v', emptyDir: {} }], containers: [{ name: 'c', livenessProbe: { httpGet: { path: '/', port: 80 }, initialDelaySeconds: 5 } }] } } },
  { name: 'times and quantities', bytes: body('coordination.k8s.io/v1', 'Lease', [[1, [[1, 'l'], [8, [[1, 1_700_000_000]]]]], [2, [[1, 'me'], [4, [[1, 1_700_000_000], [2, 123_456_000]]], [5, -1]]]]), object: { kind: 'Lease', apiVersion: 'coordination.k8s.io/v1', metadata: { name: 'l', creationTimestamp: '2023-11-14T22:13:20Z' }, spec: { holderIdentity: 'me', renewTime: '2023-11-14T22:13:20.123456Z', leaseTransitions: -1 } } },
  { name: 'a review', bytes: body('authorization.k8s.io/v1', 'SubjectAccessReview', [[2, [[1, [[1, 'ns'], [2, 'get'], [5, 'pods']]], [3, 'alice'], [4, 'g'], [4, 'h'], [5, [[1, 'k'], [2, [[1, 'x'], [1, 'y']]]]]]]]), object: { kind: 'SubjectAccessReview', apiVersion: 'authorization.k8s.io/v1', spec: { resourceAttributes: { namespace: 'ns', verb: 'get', resource: 'pods' }, user: 'alice', groups: ['g', 'h'], extra: { k: ['x', 'y'] } } } },
  { name: 'rules', bytes: body('rbac.authorization.k8s.io/v1', 'ClusterRole', [[1, [[1, 'r']]], [2, [[1, 'get'], [1, 'list'], [2, ''], [3, 'pods']]]]), object: { kind: 'ClusterRole', apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name: 'r' }, rules: [{ verbs: ['get', 'list'], apiGroups: [''], resources: ['pods'] }] } },
  { name: 'delete options', bytes: body('apps/v1', 'DeleteOptions', [[1, 0], [2, [[1, 'u']]], [4, 'Orphan']]), object: { kind: 'DeleteOptions', apiVersion: 'apps/v1', gracePeriodSeconds: 0, preconditions: { uid: 'u' }, propagationPolicy: 'Orphan' } },
  { name: 'fields of later versions are passed over', bytes: body('v1', 'ConfigMap', [[1, [[1, 'a']]], [99, 'x'], [98, 7]]), object: { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'a' } } },
]
for (const { name, bytes, object } of cases) t.same(decodeProtobuf(bytes), object, name)

t.test('what is broken is a 400', async t => {
  const good = body('v1', 'ConfigMap', [[1, [[1, 'a']]], [2, [[1, 'k'], [2, 'v']]]])
  const broken = [Buffer.alloc(0), Buffer.from('{}'), Buffer.from('k8s\0'), body('v1', 'Nothing', []), body('example.com/v1', 'Thing', []), Buffer.concat([Buffer.from('k8s\0'), Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f])])]
  for (const bytes of broken) t.throws(() => decodeProtobuf(bytes), { code: 400 })
  for (let end = 4; end < good.length; end++) {
    try {
      decodeProtobuf(good.subarray(0, end))
    } catch (error) {
      t.equal((error as { code?: number }).code, 400, `cut at ${end}`)
    }
  }
})

t.test('a prototype is no field', async t => {
  const object = decodeProtobuf(body('v1', 'ConfigMap', [[2, [[1, '__proto__'], [2, 'x']]]]))
  t.equal(Object.getPrototypeOf(object['data']), Object.prototype)
  t.equal(({} as Record<string, unknown>)['x'], undefined)
})
