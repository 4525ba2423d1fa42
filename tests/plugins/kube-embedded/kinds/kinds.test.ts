import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import fc from '../../../helpers/fast-check.js'
import t from 'tap'
import { builtinKinds } from '../../../../plugins/kube-embedded/kinds/index.js'
import { iamDefinitions } from '../../../../schemas/iam/definitions.js'
import { tenantDefinitions } from '../../../../schemas/tenant/definitions.js'
import { embeddedApi, type Json } from '../../../helpers/embedded-api.js'

const at = (object: Json, path: string): unknown => path.split('.').reduce<any>((value, key) => value?.[/^\d+$/.test(key) ? Number(key) : key], object)
const pod = (spec: object = {}, metadata: object = {}) => ({ metadata: { name: 'p', ...metadata }, spec: { containers: [{ name: 'main', image: 'nginx:1.25' }], ...spec } })
const workload = (spec: object = {}, name = 'w') => ({ metadata: { name }, spec: { selector: { matchLabels: { app: 'w' } }, template: { metadata: { labels: { app: 'w' } }, spec: { containers: [{ name: 'main', image: 'nginx' }] } }, ...spec } })
const job = (template: object = { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox' }] } }) => ({ metadata: { name: 'j' }, spec: { template } })
const apps = '/apis/apps/v1/namespaces/default'
const core = '/api/v1/namespaces/default'
const rbac = '/apis/rbac.authorization.k8s.io/v1'

t.test('what Kubernetes fills in', async t => {
  const { call } = await embeddedApi(t, { kinds: builtinKinds })
  const cases: [string, string, object, Record<string, unknown>][] = [
    ['pod', `${core}/pods`, pod(), { 'spec.restartPolicy': 'Always', 'spec.dnsPolicy': 'ClusterFirst', 'spec.containers.0.imagePullPolicy': 'IfNotPresent', 'spec.containers.0.terminationMessagePath': '/dev/termination-log', 'status.phase': 'Pending', 'status.qosClass': 'BestEffort' }],
    ['amounts', `${core}/pods`, pod({ containers: [{ name: 'main', image: 'x', resources: { limits: { cpu: '0.0001', memory: ' 1024Mi ' }, requests: { cpu: '1.0e-3', memory: 1073741824 } } }] }, { name: 'amounts' }), { 'spec.containers.0.resources': { limits: { cpu: '1m', memory: '1Gi' }, requests: { cpu: '1e-3', memory: '1073741824' } }, 'status.qosClass': 'Guaranteed' }],
    ['amounts as they were written', `${core}/pods`, pod({ containers: [{ name: 'main', image: 'x', resources: { limits: { cpu: '1.500', memory: '+1Gi' } } }] }, { name: 'written' }), { 'spec.containers.0.resources.requests': { cpu: '1.500', memory: '+1Gi' } }],
    ['deployment', `${apps}/deployments`, workload(), { 'spec.replicas': 1, 'spec.strategy.type': 'RollingUpdate', 'spec.strategy.rollingUpdate.maxSurge': '25%', 'spec.revisionHistoryLimit': 10, 'spec.progressDeadlineSeconds': 600, 'spec.template.spec.containers.0.imagePullPolicy': 'Always', 'metadata.generation': 1 }],
    ['statefulset', `${apps}/statefulsets`, workload(), { 'spec.podManagementPolicy': 'OrderedReady', 'spec.updateStrategy.rollingUpdate.partition': 0 }],
    ['daemonset', `${apps}/daemonsets`, workload(), { 'spec.updateStrategy.rollingUpdate.maxUnavailable': 1 }],
    ['job', '/apis/batch/v1/namespaces/default/jobs', job(), { 'spec.completions': 1, 'spec.backoffLimit': 6, 'spec.completionMode': 'NonIndexed', 'spec.template.metadata.labels.job-name': 'j' }],
    ['cronjob', '/apis/batch/v1/namespaces/default/cronjobs', { metadata: { name: 'c' }, spec: { schedule: '0 3 * * *', jobTemplate: { spec: job().spec } } }, { 'spec.concurrencyPolicy': 'Allow', 'spec.suspend': false, 'spec.successfulJobsHistoryLimit': 3 }],
    ['service', `${core}/services`, { metadata: { name: 's' }, spec: { ports: [{ port: 80 }] } }, { 'spec.type': 'ClusterIP', 'spec.ports.0.protocol': 'TCP', 'spec.ports.0.targetPort': 80, 'spec.ipFamilyPolicy': 'SingleStack', 'status.loadBalancer': {} }],
    ['secret', `${core}/secrets`, { metadata: { name: 's' }, stringData: { a: 'b' } }, { type: 'Opaque', 'data.a': 'Yg==', stringData: undefined }],
    ['claim', `${core}/persistentvolumeclaims`, { metadata: { name: 'c' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } }, { 'spec.volumeMode': 'Filesystem', 'status.phase': 'Pending' }],
    ['class', '/apis/storage.k8s.io/v1/storageclasses', { metadata: { name: 'c' }, provisioner: 'x/y' }, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }],
    ['binding', `${rbac}/clusterrolebindings`, { metadata: { name: 'b' }, roleRef: { kind: 'ClusterRole', name: 'x' }, subjects: [{ kind: 'User', name: 'u' }] }, { 'roleRef.apiGroup': 'rbac.authorization.k8s.io', 'subjects.0.apiGroup': 'rbac.authorization.k8s.io' }],
    ['autoscaler', '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers', { metadata: { name: 'h' }, spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'w' } } }, { 'spec.minReplicas': 1 }],
    ['policy', '/apis/networking.k8s.io/v1/namespaces/default/networkpolicies', { metadata: { name: 'n' }, spec: { podSelector: {} } }, { 'spec.policyTypes': ['Ingress'] }],
  ]
  for (const [what, path, body, wanted] of cases) {
    const { status, json, text } = await call('POST', path, body)
    t.equal(status, 201, `${what}: ${text.slice(0, 200)}`)
    for (const [field, value] of Object.entries(wanted)) t.strictSame(at(json, field), value, `${what}: ${field}`)
  }
  const { json: { spec: { clusterIP } } } = await call('GET', `${core}/services/s`)
  t.match(clusterIP, /^10\.(9[6-9]|10\d|11[01])\./)
  t.equal((await call('PATCH', `${core}/services/s`, { spec: { clusterIP: '10.96.0.9' } }, { type: 'application/merge-patch+json' })).status, 422, 'the address stays')
})

t.test('what is refused, in the words of Kubernetes', async t => {
  const { call } = await embeddedApi(t, { kinds: builtinKinds })
  await call('POST', `${apps}/deployments`, workload({}, 'there'))
  await call('POST', `${rbac}/clusterrolebindings`, { metadata: { name: 'there' }, roleRef: { kind: 'ClusterRole', name: 'x' } })
  const cases: [string, string, string, object, number, RegExp][] = [
    ['no containers', 'POST', `${core}/pods`, pod({ containers: [] }), 422, /Pod "p" is invalid: spec\.containers: Required value/],
    ['a container twice', 'POST', `${core}/pods`, pod({ containers: [{ name: 'a', image: 'x' }, { name: 'a', image: 'x' }] }), 422, /spec\.containers\[1\]\.name: Duplicate value: "a"/],
    ['no image', 'POST', `${core}/pods`, pod({ containers: [{ name: 'a' }] }), 422, /spec\.containers\[0\]\.image: Required value/],
    ['another restart policy', 'POST', `${core}/pods`, pod({ restartPolicy: 'Perhaps' }), 422, /Unsupported value: "Perhaps"/],
    ['a number for a name', 'POST', `${core}/pods`, pod({ nodeName: 5 }), 400, /json: cannot unmarshal number into Go struct field .*nodeName of type string/],
    ['no selector', 'POST', `${apps}/deployments`, workload({ selector: undefined }), 422, /spec\.selector: Required value/],
    ['labels that do not fit', 'POST', `${apps}/deployments`, workload({ selector: { matchLabels: { app: 'other' } } }), 422, /`selector` does not match template `labels`/],
    ['another selector', 'PUT', `${apps}/deployments/there`, workload({ selector: { matchLabels: { app: 'w', x: 'y' } }, template: { metadata: { labels: { app: 'w', x: 'y' } }, spec: { containers: [{ name: 'main', image: 'nginx' }] } } }, 'there'), 422, /field is immutable/],
    ['replicas below zero', 'POST', `${apps}/deployments`, workload({ replicas: -1 }), 422, /must be greater than or equal to 0/],
    ['a job that restarts', 'POST', '/apis/batch/v1/namespaces/default/jobs', job({ spec: { containers: [{ name: 'a', image: 'x' }] } }), 422, /restartPolicy: Required value: valid values: "OnFailure", "Never"/],
    ['a schedule', 'POST', '/apis/batch/v1/namespaces/default/cronjobs', { metadata: { name: 'c' }, spec: { schedule: 'soon', jobTemplate: { spec: job().spec } } }, 422, /spec\.schedule: Invalid value: "soon"/],
    ['no ports', 'POST', `${core}/services`, { metadata: { name: 's' }, spec: {} }, 422, /spec\.ports: Required value/],
    ['a port', 'POST', `${core}/services`, { metadata: { name: 's' }, spec: { ports: [{ port: 70000 }] } }, 422, /must be between 1 and 65535, inclusive/],
    ['a service by number', 'POST', `${core}/services`, { metadata: { name: '1s' }, spec: { ports: [{ port: 80 }] } }, 422, /a DNS-1035 label/],
    ['a key', 'POST', `${core}/configmaps`, { metadata: { name: 'c' }, data: { 'a b': 'x' } }, 422, /a valid config key/],
    ['data that is no base64', 'POST', `${core}/secrets`, { metadata: { name: 's' }, data: { a: '!' } }, 400, /illegal base64 data at input byte 0/],
    ['a rule without verbs', 'POST', `${rbac}/clusterroles`, { metadata: { name: 'r' }, rules: [{ apiGroups: [''], resources: ['pods'] }] }, 422, /rules\[0\]\.verbs: Required value/],
    ['a path in a namespace', 'POST', `${rbac}/namespaces/default/roles`, { metadata: { name: 'r' }, rules: [{ nonResourceURLs: ['/x'], verbs: ['get'] }] }, 422, /namespaced rules cannot apply to non-resource URLs/],
    ['another role', 'PUT', `${rbac}/clusterrolebindings/there`, { metadata: { name: 'there' }, roleRef: { kind: 'ClusterRole', name: 'y' } }, 422, /cannot change roleRef/],
    ['an unknown subject', 'POST', `${rbac}/clusterrolebindings`, { metadata: { name: 'b' }, roleRef: { kind: 'ClusterRole', name: 'x' }, subjects: [{ kind: 'Robot', name: 'r' }] }, 422, /Unsupported value: "Robot"/],
    ['no access modes', 'POST', `${core}/persistentvolumeclaims`, { metadata: { name: 'c' }, spec: { resources: { requests: { storage: '1Gi' } } } }, 422, /at least 1 access mode is required/],
    ['an amount', 'POST', `${core}/resourcequotas`, { metadata: { name: 'q' }, spec: { hard: { cpu: 'lots' } } }, 400, /quantities must match/],
    ['an amount with an unknown unit', 'POST', `${core}/resourcequotas`, { metadata: { name: 'q' }, spec: { hard: { cpu: '1ki' } } }, 400, /unable to parse quantity's suffix/],
    ['an amount without end', 'POST', `${core}/resourcequotas`, { metadata: { name: 'q' }, spec: { hard: { cpu: '9'.repeat(1_000_000) } } }, 400, /unable to parse numeric part of quantity/],
    ['an amount below nothing', 'POST', `${core}/pods`, pod({ containers: [{ name: 'a', image: 'x', resources: { limits: { cpu: '-1u' } } }] }), 422, /limits\[cpu\]: Invalid value: "-1m": must be greater than or equal to 0/],
    ['more than the limit', 'POST', `${core}/pods`, pod({ containers: [{ name: 'a', image: 'x', resources: { limits: { memory: '1Gi' }, requests: { memory: '1073741825' } } }] }), 422, /must be less than or equal to memory limit of 1Gi/],
    ['no provisioner', 'POST', '/apis/storage.k8s.io/v1/storageclasses', { metadata: { name: 'c' } }, 422, /provisioner: Required value/],
    ['no backend', 'POST', '/apis/networking.k8s.io/v1/namespaces/default/ingresses', { metadata: { name: 'i' }, spec: {} }, 422, /either `defaultBackend` or `rules` must be specified/],
    ['fewer than the least', 'POST', '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers', { metadata: { name: 'h' }, spec: { minReplicas: 3, maxReplicas: 2, scaleTargetRef: { kind: 'Deployment', name: 'w' } } }, 422, /must be greater than or equal to `minReplicas`/],
  ]
  for (const [what, method, path, body, status, message] of cases) {
    const reply = await call(method, path, body)
    t.equal(reply.status, status, `${what}: ${reply.text.slice(0, 300)}`)
    t.match(reply.json.message, message, what)
  }
})

t.test('kubectl get, as it prints', async t => {
  const { call } = await embeddedApi(t, { kinds: builtinKinds })
  const table = async (path: string) => (await call('GET', path, undefined, { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' })).json
  const columns = async (path: string) => (await table(path)).columnDefinitions.filter(({ priority }: { priority: number }) => priority === 0).map(({ name }: { name: string }) => name.toUpperCase()).join(' ')
  for (const [path, wanted] of [
    ['/api/v1/pods', 'NAME READY STATUS RESTARTS AGE'],
    ['/apis/apps/v1/deployments', 'NAME READY UP-TO-DATE AVAILABLE AGE'],
    ['/api/v1/nodes', 'NAME STATUS ROLES AGE VERSION'],
    ['/api/v1/services', 'NAME TYPE CLUSTER-IP EXTERNAL-IP PORT(S) AGE'],
    ['/api/v1/namespaces', 'NAME STATUS AGE'],
    ['/api/v1/configmaps', 'NAME DATA AGE'],
    ['/api/v1/events', 'LAST SEEN TYPE REASON OBJECT MESSAGE'],
    ['/apis/batch/v1/cronjobs', 'NAME SCHEDULE TIMEZONE SUSPEND ACTIVE LAST SCHEDULE AGE'],
    [`${rbac}/rolebindings`, 'NAME ROLE AGE'],
  ] as const) t.equal(await columns(path), wanted, path)
  await call('POST', `${core}/pods`, pod())
  await call('PATCH', `${core}/pods/p/status`, { status: { phase: 'Running', containerStatuses: [{ name: 'main', ready: true, restartCount: 2 }] } }, { type: 'application/merge-patch+json' })
  t.strictSame((await table(`${core}/pods`)).rows[0].cells.slice(0, 4), ['p', '1/1', 'Running', '2'])
})

t.test('fields that can be selected by', async t => {
  const { call } = await embeddedApi(t, { kinds: builtinKinds })
  await call('POST', `${core}/pods`, pod({ nodeName: 'n1' }))
  for (const [selector, total] of [['spec.nodeName=n1', 1], ['spec.nodeName!=n1', 0], ['status.phase=Pending', 1], ['metadata.name=p', 1]] as const) {
    t.equal((await call('GET', `/api/v1/pods?fieldSelector=${encodeURIComponent(selector)}`)).json.items.length, total, selector)
  }
  t.equal((await call('GET', '/api/v1/pods?fieldSelector=spec.image%3Dx')).status, 400)
})

t.test('lists that patches merge by their keys', async t => {
  const { call } = await embeddedApi(t, { kinds: builtinKinds })
  await call('POST', `${apps}/deployments`, workload({ template: { metadata: { labels: { app: 'w' } }, spec: { containers: [{ name: 'a', image: 'x:1', env: [{ name: 'E', value: '1' }] }, { name: 'b', image: 'y:1' }] } } }))
  const { json } = await call('PATCH', `${apps}/deployments/w`, { spec: { template: { spec: { containers: [{ name: 'b', image: 'y:2' }, { name: 'a', env: [{ name: 'F', value: '2' }] }] } } } }, { type: 'application/strategic-merge-patch+json' })
  const containers = at(json, 'spec.template.spec.containers') as { name: string, image: string, env?: { name: string }[] }[]
  t.strictSame(containers.map(({ name, image }) => [name, image]).sort(), [['a', 'x:1'], ['b', 'y:2']])
  t.strictSame(containers.find(({ name }) => name === 'a')?.env?.map(({ name }) => name).sort(), ['E', 'F'])
  t.equal(json.metadata.generation, 2)
})

const fixture = resolve('../shared/fixture/objects.mjs')

t.test('every object of the fixture is taken', { skip: existsSync(fixture) ? false : `${fixture} is not here: its objects cannot be tried` }, async t => {
  const { call, kube } = await embeddedApi(t, { kinds: builtinKinds })
  for (const definition of [...iamDefinitions, ...tenantDefinitions]) t.equal((await call('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition)).status, 201)
  await kube.settled()
  const { objects } = await import(pathToFileURL(fixture).href) as { objects: () => (Json & { wait?: string })[] }
  const resources = new Map<string, { name: string, namespaced: boolean }>()
  for (const { status: objectStatus, ...object } of objects()) {
    if (object.wait) continue
    const root = object.apiVersion.includes('/') ? `/apis/${object.apiVersion}` : `/api/${object.apiVersion}`
    if (!resources.has(`${root}/${object.kind}`)) for (const one of (await call('GET', root)).json.resources) if (!one.name.includes('/')) resources.set(`${root}/${one.kind}`, one)
    const resource = resources.get(`${root}/${object.kind}`)
    const path = `${root}${resource?.namespaced ? `/namespaces/${object.metadata.namespace}` : ''}/${resource?.name}`
    const created = await call('POST', path, object)
    t.equal(created.status, 201, `${object.kind} ${object.metadata.name}: ${created.text.slice(0, 200)}`)
    if (objectStatus) t.equal((await call('PATCH', `${path}/${object.metadata.name}/status`, { status: objectStatus }, { type: 'application/merge-patch+json' })).status, 200)
  }
})

t.test('whatever is sent, the answer is a refusal or an object', async t => {
  const { call } = await embeddedApi(t, { kinds: builtinKinds })
  const value = fc.letrec(tie => ({ any: fc.oneof({ depthSize: 'small' }, fc.constantFrom(null, true, 0, -1, 1.5, '', 'x'), fc.array(tie('any'), { maxLength: 3 }), fc.dictionary(fc.constantFrom('spec', 'template', 'containers', 'metadata', 'labels', 'selector', 'matchLabels', 'ports', 'rules', 'subjects', 'name', 'versions', 'names', 'data', 'resources', 'limits'), tie('any'), { maxKeys: 4 })) })).any
  const kinds = builtinKinds.filter(({ verbs }) => verbs.includes('create'))
  let n = 0
  await fc.assert(fc.asyncProperty(fc.constantFrom(...kinds), value, value, async (row, spec, rest) => {
    const root = row.group ? `/apis/${row.group}/${row.version}` : `/api/${row.version}`
    const body = { ...(typeof rest === 'object' && rest !== null && !Array.isArray(rest) ? rest : {}), spec, apiVersion: row.group ? `${row.group}/${row.version}` : row.version, kind: row.kind, metadata: { name: `n${n++}` } }
    const { status, text } = await call('POST', `${root}${row.namespaced ? '/namespaces/default' : ''}/${row.resource}`, body)
    if (status >= 500 && status !== 501) throw new Error(`${row.kind}: ${status} ${text}`)
    const listed = await call('GET', `${root}${row.namespaced ? '/namespaces/default' : ''}/${row.resource}`, undefined, { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' })
    if (listed.status >= 500 && listed.status !== 501) throw new Error(`${row.kind} as a table: ${listed.text}`)
  }), { numRuns: 1_500 })
  t.pass('1500 bodies')
})
