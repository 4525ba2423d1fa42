import type { Fact, Step } from '../types.js'
import { container, merge, rbac, table, template } from './objects.js'

type Fields = Record<string, unknown>
type More = Partial<Step>

const object = (apiVersion: string, kind: string, more: Fields, metadata: Fields = {}): Fields => ({ apiVersion, kind, metadata: { name: 'a', ...metadata }, ...more })
const own = { name: '{ns}' }
const inNs = (version: string, resource: string) => version === 'v1' ? `/api/v1/namespaces/{ns}/${resource}` : `/apis/${version}/namespaces/{ns}/${resource}`
const post = (url: string, body: Fields, status: number, more: More = {}): Step => ({ ask: `POST ${url}`, body, status, ...more })
const patch = (url: string, body: Fields, status: number, more: More = {}): Step => ({ ask: `PATCH ${url}`, type: merge, body, status, ...more })
const made = (name: string, url: string, body: Fields, more: More = {}): Fact => ({ name, steps: [post(`${url}?dryRun=All`, body, 201, more)] })
/** What one kind refuses, a body each. */
const refused = (name: string, url: string, ...bodies: Fields[]): Fact => ({ name, steps: bodies.map(body => post(`${url}?dryRun=All`, body, 422, { compare: ['reason', 'message', 'details.causes'] })) })
/** The same where the wording holds Go's own structs. */
const refusedSo = (name: string, url: string, ...bodies: Fields[]): Fact => ({ name, steps: bodies.map(body => post(`${url}?dryRun=All`, body, 422, { compare: ['reason', 'details.causes.0.field', 'details.causes.0.reason', 'details.causes.1.field'] })) })
const silent: More = { compare: 'none' }

const selector = { matchLabels: { app: 'web' } }
const workload = (kind: string, spec: Fields = {}, metadata: Fields = {}) => object('apps/v1', kind, { spec: { selector, template: template(), ...spec } }, metadata)
const deployments = inNs('apps/v1', 'deployments')
const daemonSets = inNs('apps/v1', 'daemonsets')
const statefulSets = inNs('apps/v1', 'statefulsets')
const rolling = (rollingUpdate: Fields, strategy = 'strategy') => ({ [strategy]: { type: 'RollingUpdate', rollingUpdate } })

const workloads: Fact[] = [
  refused('Deployments: selectors', deployments, workload('Deployment', { selector: undefined }), workload('Deployment', { selector: {} }), workload('Deployment', { selector: { matchExpressions: [{ key: 'app', operator: 'In' }, { key: 'a b', operator: 'Exists' }, { key: 'app', operator: 'Near', values: ['x'] }, { key: 'app', operator: 'Exists', values: ['x'] }] } })),
  refused('Deployments: strategies', deployments,
    workload('Deployment', rolling({ maxUnavailable: 0, maxSurge: 0 })), workload('Deployment', rolling({ maxUnavailable: 'x', maxSurge: '1' })), workload('Deployment', rolling({ maxUnavailable: '101%' })), workload('Deployment', rolling({ maxUnavailable: -1 })),
    workload('Deployment', { strategy: { type: 'Recreate', rollingUpdate: { maxSurge: 1 } } })),
  refusedSo('Deployments: a strategy that nobody knows', deployments, workload('Deployment', { strategy: { type: 'Slow' } })),
  refused('Deployments: numbers', deployments, workload('Deployment', { replicas: -1 }), workload('Deployment', { minReadySeconds: -1, revisionHistoryLimit: -1 }), workload('Deployment', { progressDeadlineSeconds: 5, minReadySeconds: 5 })),
  refused('Deployments: pods with an end', deployments, workload('Deployment', { template: template({ app: 'web' }, { restartPolicy: 'Never' }) }), workload('Deployment', { template: template({ app: 'web' }, { activeDeadlineSeconds: 5 }) })),
  {
    name: 'Deployments: generations',
    steps: [
      post(deployments, workload('Deployment', { replicas: 0, paused: true }), 201, { compare: ['metadata.generation', 'spec.strategy'] }),
      patch(`${deployments}/a?dryRun=All`, { metadata: { labels: { x: 'y' } } }, 200, { compare: ['metadata.labels'] }),
      patch(`${deployments}/a`, { spec: { selector: { matchLabels: { app: 'web', x: 'y' } }, template: { metadata: { labels: { x: 'y' } } } } }, 422),
    ]
  },
  refused('ReplicaSets: what they refuse', inNs('apps/v1', 'replicasets'), workload('ReplicaSet', { selector: undefined }), workload('ReplicaSet', { replicas: -1, minReadySeconds: -2 }), workload('ReplicaSet', { template: template({ app: 'web' }, { restartPolicy: 'OnFailure' }) })),
  refused('DaemonSets: strategies', daemonSets, workload('DaemonSet', rolling({ maxUnavailable: 1, maxSurge: 1 }, 'updateStrategy')), workload('DaemonSet', rolling({ maxUnavailable: 0, maxSurge: 0 }, 'updateStrategy')), workload('DaemonSet', rolling({ maxUnavailable: '200%' }, 'updateStrategy'))),
  refused('DaemonSets: selectors', daemonSets, workload('DaemonSet', { selector: undefined }), workload('DaemonSet', { selector: {} }), workload('DaemonSet', { selector: { matchLabels: { app: 'x' } }, minReadySeconds: -1 })),
  {
    name: 'DaemonSets: generations',
    steps: [
      post(daemonSets, workload('DaemonSet', { template: template({ app: 'web' }, { nodeSelector: { none: 'here' } }) }), 201, { compare: ['metadata.generation', 'metadata.annotations'] }),
      patch(`${daemonSets}/a`, { spec: { revisionHistoryLimit: 3 } }, 200, { compare: ['metadata.annotations', 'spec.revisionHistoryLimit'] }),
      patch(`${daemonSets}/a`, { spec: { template: { metadata: { annotations: { x: 'y' } } } } }, 200, { compare: ['metadata.annotations'] }),
      patch(`${daemonSets}/a`, { spec: { selector: { matchLabels: { x: 'y' } }, template: { metadata: { labels: { x: 'y' } } } } }, 422, { compare: ['reason', 'details.causes'] }),
    ]
  },
  refused('StatefulSets: what they refuse', statefulSets,
    workload('StatefulSet', { podManagementPolicy: 'Random' }), workload('StatefulSet', { updateStrategy: { type: 'OnDelete', rollingUpdate: { partition: 1 } } }), workload('StatefulSet', rolling({ partition: -1 }, 'updateStrategy')),
    workload('StatefulSet', { persistentVolumeClaimRetentionPolicy: { whenScaled: 'Sell' } }), workload('StatefulSet', { replicas: -1, minReadySeconds: -1, ordinals: { start: -1 } }), workload('StatefulSet', { serviceName: 'A.b' }), workload('StatefulSet', { selector: {} })),
  made('StatefulSets: strategies', statefulSets, workload('StatefulSet', { updateStrategy: { type: 'RollingUpdate' } }), { compare: ['spec.updateStrategy', 'spec.podManagementPolicy', 'status'] }),
  {
    name: 'StatefulSets: scale',
    steps: [
      post(statefulSets, workload('StatefulSet', { replicas: 0 }), 201, silent),
      { ask: `GET ${statefulSets}/a/scale`, status: 200, compare: ['kind', 'apiVersion', 'metadata.name', 'spec', 'status.selector'] },
      patch(`${statefulSets}/a/scale`, { spec: { replicas: -1 } }, 422, { compare: ['reason', 'details.causes'] }),
    ]
  },
  {
    name: 'ReplicationControllers: scale',
    steps: [
      post(inNs('v1', 'replicationcontrollers'), object('v1', 'ReplicationController', { spec: { replicas: 0, template: template() } }), 201, silent),
      { ask: `GET ${inNs('v1', 'replicationcontrollers')}/a/scale`, status: 200, compare: ['kind', 'apiVersion', 'spec', 'status'] },
    ]
  },
  refused('ReplicationControllers: what they refuse', inNs('v1', 'replicationcontrollers'), object('v1', 'ReplicationController', { spec: { selector: { app: 'x' }, template: template() } }), object('v1', 'ReplicationController', { spec: { selector: { app: 'x' } } }), object('v1', 'ReplicationController', { spec: { replicas: -1, template: template() } }), object('v1', 'ReplicationController', { spec: { template: template({}) } })),
  {
    name: 'ControllerRevisions stay',
    steps: [
      post(`${inNs('apps/v1', 'controllerrevisions')}?dryRun=All`, object('apps/v1', 'ControllerRevision', { revision: 1 }), 422),
      post(`${inNs('apps/v1', 'controllerrevisions')}?dryRun=All`, object('apps/v1', 'ControllerRevision', { revision: -1, data: { a: 'b' } }), 422),
      post(inNs('apps/v1', 'controllerrevisions'), object('apps/v1', 'ControllerRevision', { revision: 1, data: { a: 'b' } }), 201, silent),
      patch(`${inNs('apps/v1', 'controllerrevisions')}/a`, { data: { a: 'c' } }, 422, { compare: ['reason', 'details.causes.0.field'] }),
      patch(`${inNs('apps/v1', 'controllerrevisions')}/a`, { revision: 2 }, 200, { compare: ['revision'] }),
    ]
  },
]

const jobs = inNs('batch/v1', 'jobs')
const cronJobs = inNs('batch/v1', 'cronjobs')
const pod = (spec: Fields = {}, metadata: Fields = {}) => ({ metadata, spec: { restartPolicy: 'Never', containers: [container()], ...spec } })
const job = (spec: Fields = {}, metadata: Fields = {}) => object('batch/v1', 'Job', { spec: { template: pod(), ...spec } }, metadata)
const cron = (spec: Fields = {}, metadata: Fields = {}) => object('batch/v1', 'CronJob', { spec: { schedule: '* * * * *', jobTemplate: { spec: { template: pod() } }, ...spec } }, metadata)
const failure = (...rules: Fields[]) => ({ podFailurePolicy: { rules } })

const batch: Fact[] = [
  made('Jobs: labels', jobs, job({ template: pod({}, { labels: { x: 'y' } }) }), { compare: ['metadata.labels', 'metadata.generation', 'spec.selector', 'spec.template.metadata', 'metadata.managedFields'] }),
  made('Jobs: a selector of their own', jobs, job({ manualSelector: true, selector, template: pod({}, { labels: { app: 'web' } }) }), { compare: ['metadata.labels', 'spec.selector', 'spec.template.metadata', 'spec.manualSelector'] }),
  made('Jobs: by index', jobs, job({ completionMode: 'Indexed', completions: 3, parallelism: 2, backoffLimitPerIndex: 1, podFailurePolicy: { rules: [{ action: 'FailIndex', onPodConditions: [{ type: 'DisruptionTarget' }] }] } }), { compare: ['spec.completions', 'spec.backoffLimit', 'spec.podFailurePolicy', 'spec.podReplacementPolicy'] }),
  refused('Jobs: numbers', jobs, job({ parallelism: -1, completions: -1, backoffLimit: -1, activeDeadlineSeconds: -1, ttlSecondsAfterFinished: -1 }), job({ completionMode: 'Indexed', parallelism: 1 }), job({ backoffLimitPerIndex: 1 }), job({ completionMode: 'Indexed', completions: 2, maxFailedIndexes: 3, backoffLimitPerIndex: 1 }), job({ completionMode: 'Random' }), job({ managedBy: 'x' }), job({ podReplacementPolicy: 'Often' })),
  refused('Jobs: policies', jobs,
    job(failure({ action: 'Cry', onExitCodes: { operator: 'In', values: [1] } })), job(failure({ action: 'FailIndex', onExitCodes: { operator: 'In', values: [1] } })), job(failure({ action: 'Count' })), job(failure({ action: 'Count', onExitCodes: { operator: 'Near', values: [2, 1, 1] } })),
    job(failure({ action: 'Count', onExitCodes: { operator: 'In', values: [0], containerName: 'x' } })), job(failure({ action: 'Ignore', onPodConditions: [{ type: 'A b', status: 'Maybe' }] })), job({ completionMode: 'Indexed', completions: 1, successPolicy: { rules: [] } })),
  refused('Jobs: pods', jobs, job({ template: pod({ restartPolicy: 'Perhaps' }) }), job({ ...failure({ action: 'Count', onExitCodes: { operator: 'In', values: [1] } }), template: pod({ restartPolicy: 'OnFailure' }) }), job({ manualSelector: true }), job({ manualSelector: true, selector })),
  {
    name: 'Jobs change little',
    steps: [
      post(jobs, job({ suspend: true }), 201, silent),
      patch(`${jobs}/a`, { spec: { parallelism: 2 } }, 200, { compare: ['spec.parallelism', 'metadata.generation'] }),
      patch(`${jobs}/a`, { spec: { completions: 5 } }, 422),
      patch(`${jobs}/a`, { spec: { completionMode: 'Indexed' } }, 422, { compare: ['reason', 'details.causes.0.field', 'details.causes.0.message'] }),
      patch(`${jobs}/a?dryRun=All`, { spec: { template: { spec: { nodeSelector: { a: 'b' } } } } }, 200, { compare: ['spec.template.spec.nodeSelector'] }),
      patch(`${jobs}/a?dryRun=All`, { spec: { template: { spec: { priority: 1, dnsPolicy: 'Default' } } } }, 422, { compare: ['reason', 'details.causes.0.field', 'details.causes.0.reason'] }),
    ]
  },
  refused('CronJobs: schedules', cronJobs, ...['* * * *', '60 * * * *', '* * 0 * *', '5-1 * * * *', '*/0 * * * *', 'a * * * *', '1-2-3 * * * *', '1/2/3 * * * *', '* * * jan-foo *', '-1 * * * *', '@often', '@every x', 'TZ=UTC * * * * *'].map(schedule => cron({ schedule }))),
  made('CronJobs: schedules that are followed', cronJobs, cron({ schedule: '*/5,7 1-3 ? JAN-feb sun', timeZone: 'Europe/Berlin', concurrencyPolicy: 'Forbid' }), { compare: ['spec.schedule', 'spec.timeZone', 'spec.jobTemplate'] }),
  refused('CronJobs: what they refuse', cronJobs, cron({ timeZone: 'Nowhere/Land' }), cron({ timeZone: 'Local' }), cron({ timeZone: '../x' }), cron({ concurrencyPolicy: 'Maybe' }), cron({ startingDeadlineSeconds: -1, failedJobsHistoryLimit: -1, successfulJobsHistoryLimit: -1 }), cron({}, { name: 'a'.repeat(53) }), cron({ jobTemplate: { spec: { template: pod(), selector, manualSelector: true } } })),
]

const ingresses = inNs('networking.k8s.io/v1', 'ingresses')
const service = { service: { name: 'a', port: { number: 80 } } }
const ingress = (spec: Fields, metadata: Fields = {}) => object('networking.k8s.io/v1', 'Ingress', { spec }, metadata)
const to = (backend: Fields, more: Fields = {}) => ingress({ rules: [{ http: { paths: [{ path: '/', pathType: 'Prefix', backend, ...more }] } }] })
const classes = '/apis/networking.k8s.io/v1/ingressclasses'
const ingressClass = (spec: Fields) => object('networking.k8s.io/v1', 'IngressClass', { spec: { controller: 'example.com/x', ...spec } }, own)
const policies = inNs('networking.k8s.io/v1', 'networkpolicies')
const policy = (spec: Fields) => object('networking.k8s.io/v1', 'NetworkPolicy', { spec: { podSelector: {}, ...spec } })
const slices = inNs('discovery.k8s.io/v1', 'endpointslices')
const slice = (more: Fields, metadata: Fields = {}) => object('discovery.k8s.io/v1', 'EndpointSlice', { addressType: 'IPv4', endpoints: [], ports: [], ...more }, metadata)

const networking: Fact[] = [
  refused('Ingresses: backends', ingresses, to({}), to({ service: { name: '', port: { number: 80 } } }), to({ service: { name: 'A', port: { name: 'b', number: 80 } } }), to({ service: { name: 'a', port: { name: 'B--' } } }), to({ service: { name: 'a', port: { number: 70000 } } }), to({ service: { name: 'a' } }), to({ ...service, resource: { kind: 'X', name: 'x' } }), to({ resource: { kind: '', name: 'a/b', apiGroup: 'A_' } }), ingress({ defaultBackend: {} })),
  refused('Ingresses: paths', ingresses, ...['//x', '/a/../b', '/a/..', '/%2f'].map(path => to(service, { path })), to(service, { pathType: 'Near' }), to(service, { path: 'x', pathType: 'ImplementationSpecific' }), ingress({ rules: [{ http: { paths: [] } }] })),
  refused('Ingresses: hosts', ingresses, ...['*', '*.A', '10.0.0.1', 'a..b'].map(host => ingress({ rules: [{ host, http: { paths: [{ path: '/', pathType: 'Exact', backend: service }] } }] })), ingress({ defaultBackend: service, tls: [{ hosts: ['A', '*x'], secretName: 'B_' }], ingressClassName: 'C_' }), ingress({ defaultBackend: service, ingressClassName: 'x' }, { annotations: { 'kubernetes.io/ingress.class': 'y' } })),
  made('Ingresses: a default backend', ingresses, ingress({ defaultBackend: service, tls: [{ hosts: ['*.example.com'], secretName: 's' }] }), { compare: ['spec', 'status'] }),
  made('IngressClasses: parameters', classes, ingressClass({ parameters: { kind: 'X', name: 'x' } }), { compare: ['spec', 'metadata.generation'] }),
  refused('IngressClasses: what they refuse', classes, ...['', 'x', 'A/b', 'a/ '].map(controller => ingressClass({ controller })), ingressClass({ parameters: { kind: '', name: '' } }), ingressClass({ parameters: { kind: 'X', name: 'x', scope: 'Namespace' } }), ingressClass({ parameters: { kind: 'X', name: 'x', scope: 'Cluster', namespace: 'a' } }), ingressClass({ parameters: { kind: 'X', name: 'x', scope: 'World' } })),
  refused('NetworkPolicies: ports', policies, ...[{ port: 0 }, { port: 'A' }, { port: 80, endPort: 79 }, { endPort: 80 }, { port: 'a', endPort: 80 }, { protocol: 'ICMP', port: 1 }].map(port => policy({ ingress: [{ ports: [port] }] }))),
  refused('NetworkPolicies: peers', policies, ...[{}, { ipBlock: { cidr: '' } }, { ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/16', '10.0.0.0/8', 'x'] } }, { ipBlock: { cidr: '10.0.0.0/8' }, podSelector: {} }, { podSelector: { matchLabels: { a: 'b c' } } }].map(from => policy({ ingress: [{ from: [from] }] })), policy({ policyTypes: ['Sideways'] }), policy({ policyTypes: ['Ingress', 'Egress', 'Ingress'] })),
  made('NetworkPolicies: both ways', policies, policy({ egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }], ports: [{ port: 53, protocol: 'UDP' }, {}] }] }), { compare: ['spec'] }),
  refused('EndpointSlices: what they refuse', slices,
    slice({ addressType: 'Post' }), slice({ endpoints: [{ addresses: [] }] }), slice({ endpoints: [{ addresses: ['x', '::1', '127.0.0.1', '0.0.0.0', '169.254.1.1', '224.0.0.1'] }] }), slice({ addressType: 'FQDN', endpoints: [{ addresses: ['A', 'a', 'a.b'] }] }), slice({ addressType: 'IPv6', endpoints: [{ addresses: ['10.0.0.1', 'fe80::1'] }] }),
    slice({ ports: [{ name: 'a', port: 1 }, { name: 'a', port: 2 }, { name: 'B', port: 3 }, { name: 'c', port: 4, protocol: 'ICMP' }, { name: 'd', appProtocol: 'a b' }] }), slice({ endpoints: [{ addresses: ['10.0.0.1'], nodeName: 'A', hostname: 'B', hints: { forZones: [{ name: 'a' }, { name: 'a' }, { name: '-' }] } }] })),
  {
    name: 'EndpointSlices: generations',
    steps: [
      post(slices, slice({ endpoints: [{ addresses: ['10.0.0.1'], deprecatedTopology: { x: 'y' } }] }), 201, { compare: ['endpoints', 'metadata.generation'] }),
      patch(`${slices}/a`, { metadata: { labels: { x: 'y' } } }, 200, { compare: ['metadata.generation'] }),
      patch(`${slices}/a`, { metadata: { annotations: { x: 'y' } } }, 200, { compare: ['metadata.generation'] }),
      patch(`${slices}/a`, { addressType: 'IPv6', endpoints: [] }, 422),
    ]
  },
  {
    name: 'IPAddresses',
    steps: [
      post('/apis/networking.k8s.io/v1/ipaddresses?dryRun=All', object('networking.k8s.io/v1', 'IPAddress', { spec: { parentRef: { resource: 'services', namespace: 'default', name: 'x' } } }, { name: '10.96.7.7' }), 201, { compare: ['spec', 'metadata.name', 'metadata.generation'] }),
      post('/apis/networking.k8s.io/v1/ipaddresses?dryRun=All', object('networking.k8s.io/v1', 'IPAddress', { spec: { parentRef: { resource: '', name: '' } } }, { name: 'x' }), 422),
      post('/apis/networking.k8s.io/v1/ipaddresses?dryRun=All', object('networking.k8s.io/v1', 'IPAddress', { spec: {} }, { name: '2001:DB8::1' }), 422),
    ]
  },
  refused('ServiceCIDRs: what they refuse', '/apis/networking.k8s.io/v1/servicecidrs', ...[[], ['x'], ['10.0.0.1/8'], ['10.0.0.0/8', '11.0.0.0/8']].map(cidrs => object('networking.k8s.io/v1', 'ServiceCIDR', { spec: { cidrs } }, own))),
]

const storageClasses = '/apis/storage.k8s.io/v1/storageclasses'
const storageClass = (more: Fields) => object('storage.k8s.io/v1', 'StorageClass', { provisioner: 'example.com/x', ...more }, own)
const drivers = '/apis/storage.k8s.io/v1/csidrivers'
const driver = (spec: Fields) => object('storage.k8s.io/v1', 'CSIDriver', { spec }, own)
const nodes = '/apis/storage.k8s.io/v1/csinodes'
const node = (list: unknown) => object('storage.k8s.io/v1', 'CSINode', { spec: { drivers: list } }, own)
const attachments = '/apis/storage.k8s.io/v1/volumeattachments'
const attachment = (spec: Fields) => object('storage.k8s.io/v1', 'VolumeAttachment', { spec: { attacher: 'example.com', nodeName: 'n', source: { persistentVolumeName: 'v' }, ...spec } }, own)

const storage: Fact[] = [
  refused('StorageClasses: what they refuse', storageClasses, storageClass({ provisioner: 'a b' }), storageClass({ reclaimPolicy: 'Burn' }), storageClass({ volumeBindingMode: 'Later' }), storageClass({ parameters: { '': 'x' } })),
  {
    name: 'StorageClasses stay',
    steps: [
      post(storageClasses, storageClass({}), 201, silent),
      ...[{ provisioner: 'example.com/y' }, { reclaimPolicy: 'Retain' }, { volumeBindingMode: 'WaitForFirstConsumer' }].map(body => patch(`${storageClasses}/{ns}`, body, 422)),
      patch(`${storageClasses}/{ns}`, { allowVolumeExpansion: true }, 200, { compare: ['allowVolumeExpansion', 'metadata.generation'] }),
      { ask: `DELETE ${storageClasses}/{ns}`, status: 200, compare: 'none' },
    ]
  },
  made('a VolumeAttributesClass', '/apis/storage.k8s.io/v1/volumeattributesclasses', object('storage.k8s.io/v1', 'VolumeAttributesClass', { driverName: 'example.com', parameters: { a: 'b' } }, own)),
  refused('VolumeAttributesClasses: what they refuse', '/apis/storage.k8s.io/v1/volumeattributesclasses', object('storage.k8s.io/v1', 'VolumeAttributesClass', { driverName: '', parameters: {} }, own), object('storage.k8s.io/v1', 'VolumeAttributesClass', { driverName: 'a b', parameters: { a: 'b' } }, own)),
  refused('CSIDrivers: what they refuse', drivers, driver({ fsGroupPolicy: 'Mine' }), driver({ volumeLifecycleModes: ['Eternal'] }), driver({ tokenRequests: [{ audience: 'a' }, { audience: 'a' }, { audience: 'b', expirationSeconds: 5 }] })),
  {
    name: 'CSIDrivers: changes',
    steps: [
      post(drivers, driver({}), 201, { compare: ['metadata.generation'] }),
      patch(`${drivers}/{ns}`, { spec: { podInfoOnMount: true } }, 200, { compare: ['metadata.generation', 'spec.podInfoOnMount'] }),
      patch(`${drivers}/{ns}`, { spec: { attachRequired: false, volumeLifecycleModes: ['Ephemeral'] } }, 422),
      { ask: `DELETE ${drivers}/{ns}`, status: 200, compare: 'none' },
    ]
  },
  made('a CSINode', nodes, node([{ name: 'example.com', nodeID: 'x', topologyKeys: ['a/b'] }])),
  made('a CSINode of nothing', nodes, node([]), { compare: ['spec'] }),
  refused('CSINodes: what they refuse', nodes, node([{ name: '', nodeID: '', topologyKeys: null }]), node([{ name: 'a', nodeID: 'x', topologyKeys: ['b', 'b', 'c d'] }, { name: 'a', nodeID: 'y', topologyKeys: null, allocatable: { count: -1 } }])),
  made('a VolumeAttachment', attachments, attachment({})),
  refused('VolumeAttachments: what they refuse', attachments, attachment({ attacher: '' }), attachment({ source: {} }), attachment({ nodeName: 'A' }), attachment({ source: { persistentVolumeName: 'A' } })),
  made('a CSIStorageCapacity', inNs('storage.k8s.io/v1', 'csistoragecapacities'), object('storage.k8s.io/v1', 'CSIStorageCapacity', { storageClassName: 'x', capacity: '1024Mi', nodeTopology: selector })),
  refused('CSIStorageCapacities: what they refuse', inNs('storage.k8s.io/v1', 'csistoragecapacities'), object('storage.k8s.io/v1', 'CSIStorageCapacity', { storageClassName: 'A', capacity: '-1' })),
]

const autoscalers = inNs('autoscaling/v2', 'horizontalpodautoscalers')
const older = inNs('autoscaling/v1', 'horizontalpodautoscalers')
const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'a' }
const hpa = (spec: Fields, version = 'v2') => object(`autoscaling/${version}`, 'HorizontalPodAutoscaler', { spec: { maxReplicas: 3, scaleTargetRef, ...spec } })
const resource = (target: Fields, name = 'memory') => ({ type: 'Resource', resource: { name, target } })
const measured = { name: 'requests' }
const many = [
  resource({ type: 'Utilization', averageUtilization: 60 }, 'cpu'),
  resource({ type: 'AverageValue', averageValue: '100Mi' }),
  { type: 'Pods', pods: { metric: measured, target: { type: 'AverageValue', averageValue: '1k' } } },
  { type: 'Object', object: { metric: measured, describedObject: { kind: 'Service', name: 's' }, target: { type: 'Value', value: '5' } } },
  { type: 'External', external: { metric: { ...measured, selector }, target: { type: 'AverageValue', averageValue: '2' } } },
  { type: 'ContainerResource', containerResource: { name: 'cpu', container: 'main', target: { type: 'Utilization', averageUtilization: 70 } } },
]

const autoscaling: Fact[] = [
  made('autoscalers: how fast', autoscalers, hpa({ behavior: { scaleDown: { stabilizationWindowSeconds: 60 } } }), { compare: ['spec'] }),
  refused('autoscalers: how fast not', autoscalers, ...[{ stabilizationWindowSeconds: -1 }, { stabilizationWindowSeconds: 3601, selectPolicy: 'Any' }, { policies: [{ type: 'Luck', value: 0, periodSeconds: 0 }, { type: 'Pods', value: 1, periodSeconds: 1801 }] }].map(scaleUp => hpa({ behavior: { scaleUp } }))),
  refused('autoscalers: references', autoscalers, hpa({ scaleTargetRef: { kind: '', name: '' } }), hpa({ scaleTargetRef: { apiVersion: 'a/b/c', kind: 'X', name: 'a/b' } }), hpa({ minReplicas: 0 })),
  refused('autoscalers: metrics', autoscalers, ...[
    { type: '' }, { type: 'Luck' }, { type: 'Pods' }, resource({ type: 'Utilization' }), resource({ type: 'Most', averageUtilization: 0 }), resource({ type: 'Utilization', averageUtilization: 1, averageValue: '1' }), resource({ type: 'AverageValue', averageValue: '-1' }, ''),
    { type: 'Pods', pods: { metric: { name: '' }, target: { type: 'Value', value: '0' } } }, { type: 'External', external: { metric: measured, target: { type: 'Value', value: '1', averageValue: '1' } } }, { type: 'Object', object: { metric: measured, describedObject: { kind: '', name: '' }, target: { type: 'Value' } } },
    { type: 'ContainerResource', containerResource: { name: '', container: '', target: { type: 'Utilization', averageUtilization: 1 } } },
  ].map(metric => hpa({ metrics: [metric] }))),
  {
    name: 'autoscalers: both versions',
    steps: [
      post(autoscalers, hpa({ metrics: many, behavior: { scaleUp: { policies: [{ type: 'Pods', value: 1, periodSeconds: 15 }] } } }), 201, { compare: ['spec'] }),
      { ask: `GET ${older}/a`, status: 200, compare: ['metadata.annotations', 'spec', 'metadata.managedFields'] },
      patch(`${older}/a`, { spec: { maxReplicas: 5 } }, 200, { compare: ['apiVersion', 'spec'] }),
      { ask: `GET ${autoscalers}/a`, status: 200, compare: ['metadata.annotations', 'spec'] },
      { ask: `GET ${older}`, status: 200, compare: ['kind', 'apiVersion', 'items.0.spec'] },
    ]
  },
  {
    name: 'autoscalers: the older version',
    steps: [
      post(older, hpa({ targetCPUUtilizationPercentage: 50 }, 'v1'), 201, { compare: ['apiVersion', 'spec', 'status', 'metadata.managedFields'] }),
      { ask: `GET ${autoscalers}/a`, status: 200, compare: ['spec'] },
      { ask: `GET ${autoscalers}/a`, accept: table, status: 200, compare: ['rows.0.cells.1', 'rows.0.cells.2', 'rows.0.cells.3', 'rows.0.cells.4', 'rows.0.cells.5'] },
      { ask: `GET ${older}/a`, accept: table, status: 200, compare: ['rows.0.cells.2'] },
      post(`${older}?dryRun=All`, hpa({ maxReplicas: 0 }, 'v1'), 422),
    ]
  },
  refused('disruption budgets: what they refuse', inNs('policy/v1', 'poddisruptionbudgets'), ...[{ minAvailable: '101%' }, { minAvailable: 'x' }, { maxUnavailable: -1 }, { minAvailable: 1, unhealthyPodEvictionPolicy: 'Never' }, { minAvailable: 1, selector: { matchExpressions: [{ key: '', operator: 'X' }] } }].map(spec => object('policy/v1', 'PodDisruptionBudget', { spec }))),
]

const roles = `${rbac}/clusterroles`
const bindings = `${rbac}/clusterrolebindings`
const role = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' }
const bound = (more: Fields) => object('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', { roleRef: role, subjects: [], ...more }, own)

const rights: Fact[] = [
  refused('ClusterRoles: what they refuse', roles, object('rbac.authorization.k8s.io/v1', 'ClusterRole', { aggregationRule: { clusterRoleSelectors: [] }, rules: [] }, own), object('rbac.authorization.k8s.io/v1', 'ClusterRole', { rules: [{ nonResourceURLs: ['/x'], resources: ['pods'], verbs: ['get'] }, {}] }, own)),
  refused('ClusterRoleBindings: what they refuse', bindings, bound({ roleRef: { ...role, kind: 'Role' } }), bound({ roleRef: { ...role, apiGroup: 'x' } }), bound({ roleRef: { ...role, name: 'a/b' } }), bound({ subjects: [{ kind: 'ServiceAccount', name: 'A' }, { kind: 'User', name: '', apiGroup: 'x' }, { kind: 'ServiceAccount', name: 'a', namespace: 'b', apiGroup: 'y' }, {}] })),
  made('a ClusterRoleBinding', bindings, bound({ roleRef: { kind: 'ClusterRole', name: 'view' }, subjects: [{ kind: 'Group', name: 'g' }, { kind: 'ServiceAccount', name: 'a', namespace: 'b' }] }), { compare: ['roleRef', 'subjects'] }),
]

const csrs = '/apis/certificates.k8s.io/v1/certificatesigningrequests'
const request = 'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlISk1ISUNBUUF3RURFT01Bd0dBMVVFQXd3RlptRmpkSE13V1RBVEJnY3Foa2pPUFFJQkJnZ3Foa2pPUFFNQgpCd05DQUFTTk5ya1o1RnY1TVUzYkJpdEcrNCt1b1BJV3JuNGhyalc4QWNwRk9RUHZIc2dOUUNja29IMlR3R2VqClZXOWZTZ2N3L2lueWNyQkQ1N2dYc2RxOFE0dkRvQUF3Q2dZSUtvWkl6ajBFQXdJRFJ3QXdSQUlnYWZqSzZPY1YKWkFLaTZ4bUNoemZnNUp4dnd4bXFqb3MyYkU2bjRQS2p0eThDSURGdkVYVG1ucE5hbnhYSXduOXN5eEJVdEJCYgplZUVjZk5yUy9qMXg2UFVSCi0tLS0tRU5EIENFUlRJRklDQVRFIFJFUVVFU1QtLS0tLQo='
const certificate = 'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUJkakNDQVIyZ0F3SUJBZ0lVUXdYUmdBYnFIb3RLeGtyOVJITTY0cW1mWjZzd0NnWUlLb1pJemowRUF3SXcKRURFT01Bd0dBMVVFQXd3RlptRmpkSE13SUJjTk1qWXhNVEkyTURBd05EUXdXaGdQTWpFeU5qRXhNREl3TURBMApOREJhTUJBeERqQU1CZ05WQkFNTUJXWmhZM1J6TUZrd0V3WUhLb1pJemowQ0FRWUlLb1pJemowREFRY0RRZ0FFCmpUYTVHZVJiK1RGTjJ3WXJSdnVQcnFEeUZxNStJYTQxdkFIS1JUa0Q3eDdJRFVBbkpLQjlrOEJubzFWdlgwb0gKTVA0cDhuS3dRK2U0RjdIYXZFT0x3Nk5UTUZFd0hRWURWUjBPQkJZRUZQZ1hDSHMvemF1aWFqM09HUFoySFh5aApCY2NDTUI4R0ExVWRJd1FZTUJhQUZQZ1hDSHMvemF1aWFqM09HUFoySFh5aEJjY0NNQThHQTFVZEV3RUIvd1FGCk1BTUJBZjh3Q2dZSUtvWkl6ajBFQXdJRFJ3QXdSQUlnRm9rTFlTem5EemI3SU1ReGZVSFEzSkFVY3NiTFlZcGwKanFCbkVXcEM1TXNDSUJqQVNCWUlwbFJhTndDQlZscGJuRUxPTDZlTExCc0h6M2NRS0dZN0kvcEoKLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo='
const csr = (spec: Fields) => object('certificates.k8s.io/v1', 'CertificateSigningRequest', { spec: { request, signerName: 'example.com/x', usages: ['client auth'], ...spec } }, own)
const condition = (type: string, status = 'True') => ({ type, status, reason: 'X', message: 'x' })

const certificates: Fact[] = [
  {
    name: 'requests for certificates: a life',
    steps: [
      post(csrs, csr({ expirationSeconds: 3600, username: 'mallory' }), 201, { compare: ['spec.username', 'spec.groups', 'spec.usages', 'spec.expirationSeconds', 'status', 'metadata.generation', 'metadata.managedFields'] }),
      patch(`${csrs}/{ns}/approval`, { status: { conditions: [condition('Approved')], certificate } }, 200, { compare: ['status'] }),
      { ask: `GET ${csrs}/{ns}/approval`, status: 200, compare: ['kind', 'status'] },
      patch(`${csrs}/{ns}/approval`, { status: { conditions: [condition('Denied')] } }, 422),
      patch(`${csrs}/{ns}/status`, { status: { certificate: 'eA==' } }, 422),
      patch(`${csrs}/{ns}/status`, { status: { conditions: [condition('Approved'), condition('Denied')] } }, 422),
      patch(`${csrs}/{ns}/status`, { status: { certificate } }, 200, { compare: ['status'] }),
      patch(`${csrs}/{ns}`, { spec: { signerName: 'example.com/y' }, metadata: { labels: { a: 'b' } } }, 200, { compare: ['spec.signerName', 'metadata.labels'] }),
      { ask: `GET ${csrs}/{ns}`, accept: table, status: 200, compare: ['rows.0.cells.2', 'rows.0.cells.3', 'rows.0.cells.4', 'rows.0.cells.5'] },
      { ask: `DELETE ${csrs}/{ns}`, status: 200, compare: 'none' },
    ]
  },
  refused('requests for certificates: what they refuse', csrs, csr({ usages: [] }), csr({ usages: ['client auth', 'client auth', 'fun'] }), csr({ signerName: 'x' }), csr({ signerName: 'a/b' }), csr({ signerName: 'A.b/c' }), csr({ signerName: 'kubernetes.io/legacy-unknown' }), csr({ expirationSeconds: 5 }), csr({ request: 'eA==' })),
]

const hooks = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations'
const rule = { apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'] }
const hook = (more: Fields) => object('admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration', { webhooks: [{ name: 'a.example.com', admissionReviewVersions: ['v1'], sideEffects: 'None', clientConfig: { service: { name: 'a', namespace: 'default' } }, rules: [rule], ...more }] }, own)
const vaps = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies'
const vap = (spec: Fields) => object('admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicy', { spec: { matchConstraints: { resourceRules: [{ ...rule, resourceNames: ['x'] }] }, validations: [{ expression: 'true' }], ...spec } }, own)
const vapbs = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings'
const vapb = (spec: Fields) => object('admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicyBinding', { spec: { policyName: 'x', validationActions: ['Deny'], ...spec } }, own)
const apiServices = '/apis/apiregistration.k8s.io/v1/apiservices'
const apiService = (spec: Fields, name = 'v1.{ns}.example.com') => object('apiregistration.k8s.io/v1', 'APIService', { spec: { group: '{ns}.example.com', version: 'v1', groupPriorityMinimum: 100, versionPriority: 100, ...spec } }, { name })

const extensions: Fact[] = [
  made('a mutating webhook', hooks, hook({ matchConditions: [{ name: 'a', expression: 'true' }] }), { compare: ['webhooks', 'metadata.generation'] }),
  refused('webhooks: what they refuse', hooks,
    hook({ name: 'a' }), hook({ name: 'A' }), hook({ name: '' }), hook({ admissionReviewVersions: [] }), hook({ admissionReviewVersions: ['v9', 'v9'] }), hook({ sideEffects: 'Some' }), hook({ sideEffects: undefined }), hook({ timeoutSeconds: 31 }), hook({ failurePolicy: 'Cry', matchPolicy: 'Near', reinvocationPolicy: 'Often' }),
    hook({ clientConfig: {} }), hook({ clientConfig: { url: 'http://u@h/p?q=1#f' } }), hook({ clientConfig: { service: { name: '', namespace: '', port: 70000, path: 'x//y' } } }), hook({ matchConditions: [{ name: 'a b', expression: ' ' }, { name: '', expression: 'true' }] })),
  refused('webhooks: rules', hooks, ...[{ operations: [] }, { operations: ['*', 'CREATE', 'EAT'] }, { apiGroups: [] }, { apiGroups: ['*', 'a'], apiVersions: ['*', ''] }, { resources: [] }, { resources: ['', '*/*', 'a'] }, { resources: ['a/*', 'a/b', '*/c', 'd/c'] }, { resources: ['*', 'a'] }, { scope: 'World' }].map(more => hook({ rules: [{ ...rule, ...more }] }))),
  made('a ValidatingAdmissionPolicy', vaps, vap({ variables: [{ name: 'x', expression: '1' }], auditAnnotations: [{ key: 'k', valueExpression: '"v"' }] }), { compare: ['spec', 'status', 'metadata.generation'] }),
  refused('ValidatingAdmissionPolicies: what they refuse', vaps, vap({ validations: [] }), vap({ matchConstraints: undefined }), vap({ matchConstraints: {} }), vap({ failurePolicy: 'Cry' }), vap({ paramKind: { apiVersion: '', kind: '' } }), vap({ paramKind: { apiVersion: 'A/1', kind: '1' } }), vap({ validations: [{ expression: '' }, { expression: 'true', message: 'a\nb', reason: 'Whim' }] }), vap({ matchConstraints: { resourceRules: [{ ...rule, resourceNames: ['a', 'a', 'b/c'] }] } })),
  made('a ValidatingAdmissionPolicyBinding', vapbs, vapb({ matchResources: { namespaceSelector: { matchLabels: { a: 'b' } } }, paramRef: { name: 'x', parameterNotFoundAction: 'Deny' } }), { compare: ['spec', 'metadata.generation'] }),
  refused('ValidatingAdmissionPolicyBindings: what they refuse', vapbs, vapb({ policyName: '' }), vapb({ policyName: 'A' }), vapb({ validationActions: [] }), vapb({ validationActions: ['Deny', 'Warn', 'Warn', 'Cry'] }), vapb({ paramRef: {} }), vapb({ paramRef: { name: 'a', selector: {}, parameterNotFoundAction: 'Wait' } })),
  { name: 'an APIService of here', steps: [post(`${apiServices}?dryRun=All`, apiService({}), 201, { compare: ['spec', 'status.conditions.0.type', 'status.conditions.0.status', 'status.conditions.0.reason', 'status.conditions.0.message'] })] },
  refused('APIServices: what they refuse', apiServices, apiService({}, 'x'), apiService({ groupPriorityMinimum: 0, versionPriority: 1001 }), apiService({ insecureSkipTLSVerify: true, caBundle: 'eA==' }), apiService({ service: { name: '', namespace: '' } }), apiService({ service: { name: 'a', namespace: 'b', port: 70000 }, insecureSkipTLSVerify: true, caBundle: 'eA==' }), apiService({ group: '', version: 'v2' }, 'v2.')),
]

const events = inNs('events.k8s.io/v1', 'events')
const event = (more: Fields) => object('events.k8s.io/v1', 'Event', { eventTime: '2026-01-01T00:00:00.000000Z', type: 'Normal', reason: 'X', action: 'Y', note: 'n', reportingController: 'example.com/c', reportingInstance: 'i', regarding: { kind: 'Pod', name: 'p', namespace: '{ns}' }, ...more })

const others: Fact[] = [
  {
    name: 'statuses: counts',
    steps: [
      post(deployments, workload('Deployment', { replicas: 0, paused: true }), 201, silent),
      patch(`${deployments}/a/status?dryRun=All`, { status: { replicas: 1, readyReplicas: 2, availableReplicas: 3, updatedReplicas: -1 } }, 422),
      post(statefulSets, workload('StatefulSet', { replicas: 0 }), 201, silent),
      patch(`${statefulSets}/a/status?dryRun=All`, { status: { replicas: 1, readyReplicas: 2, availableReplicas: 3, currentReplicas: -1 } }, 422),
      post(inNs('apps/v1', 'replicasets'), workload('ReplicaSet', { replicas: 0 }), 201, silent),
      patch(`${inNs('apps/v1', 'replicasets')}/a/status?dryRun=All`, { status: { replicas: 1, fullyLabeledReplicas: 5, availableReplicas: 1 } }, 422),
      post(daemonSets, workload('DaemonSet', { template: template({ app: 'web' }, { nodeSelector: { none: 'here' } }) }), 201, silent),
      patch(`${daemonSets}/a/status?dryRun=All`, { status: { numberReady: -1 } }, 422),
      post(ingresses, ingress({ defaultBackend: service }), 201, silent),
      patch(`${ingresses}/a/status?dryRun=All`, { status: { loadBalancer: { ingress: [{ ip: 'x' }, { hostname: '10.0.0.1' }] } } }, 422),
    ]
  },
  {
    name: 'statuses: times that nobody told',
    steps: [
      post(deployments, workload('Deployment', { replicas: 0, paused: true }), 201, silent),
      patch(`${deployments}/a/status?dryRun=All`, { status: { conditions: [{ type: 'X', status: 'True' }] } }, 200, { compare: ['status.conditions.0'] }),
      post(inNs('v1', 'events'), object('v1', 'Event', { involvedObject: { kind: 'Pod', name: 'p', namespace: '{ns}' }, series: { count: 2 } }), 201, { compare: ['series'] }),
      post(attachments, attachment({}), 201, silent),
      patch(`${attachments}/{ns}/status`, { status: { attached: true, attachError: { message: 'x' } } }, 200, { compare: ['status'] }),
      { ask: `DELETE ${attachments}/{ns}`, status: 200, compare: 'none' },
    ]
  },
  { name: 'Ingresses: the older way to say the class', steps: [post(`${ingresses}?dryRun=All`, ingress({ defaultBackend: service }, { annotations: { 'kubernetes.io/ingress.class': 'y' } }), 201, { compare: ['metadata.annotations'], headers: ['warning'] })] },
  {
    name: 'a namespace is finalized',
    steps: [
      post('/api/v1/namespaces', object('v1', 'Namespace', {}, { name: '{ns}-b' }), 201, { compare: ['spec', 'status'] }),
      { ask: 'PUT /api/v1/namespaces/{ns}-b/finalize', body: object('v1', 'Namespace', { spec: { finalizers: ['kubernetes', 'example.com/x'] } }, { name: '{ns}-b' }), status: 200, compare: ['spec', 'metadata.name'] },
      { ask: 'PUT /api/v1/namespaces/{ns}-b/finalize', body: object('v1', 'Namespace', { spec: {} }, { name: '{ns}-b' }), status: 200, compare: ['spec'] },
      { ask: 'DELETE /api/v1/namespaces/{ns}-b', status: 200, compare: 'none' },
    ]
  },
  {
    name: 'events: both versions',
    steps: [
      post(events, event({ series: { count: 2, lastObservedTime: '2026-01-01T00:00:01.000000Z' } }), 201),
      { ask: `GET ${inNs('v1', 'events')}/a`, status: 200, compare: ['apiVersion', 'involvedObject', 'message', 'reportingComponent', 'reportingInstance', 'series', 'source', 'count', 'firstTimestamp', 'regarding', 'note'] },
      { ask: `GET ${events}?fieldSelector=regarding.name=p,reportingController=example.com/c`, status: 200, compare: ['items.0.note'] },
      { ask: `GET ${inNs('v1', 'events')}?fieldSelector=involvedObject.name=p`, status: 200, compare: ['items.0.message'] },
      patch(`${events}/a`, { note: 'm', reportingController: 'x' }, 422),
      patch(`${events}/a`, { series: { count: 3 } }, 200, { compare: ['series.count'] }),
      { ask: `GET ${events}/a`, accept: table, status: 200, compare: ['rows.0.cells.1', 'rows.0.cells.2', 'rows.0.cells.3', 'rows.0.cells.5', 'rows.0.cells.6', 'rows.0.cells.8', 'rows.0.cells.9'] },
    ]
  },
  {
    name: 'events: an older one in the newer version',
    steps: [
      post(inNs('v1', 'events'), object('v1', 'Event', { involvedObject: { kind: 'Pod', name: 'p', namespace: '{ns}' }, message: 'm', count: 2, source: { component: 'c', host: 'h' }, firstTimestamp: '2026-01-01T00:00:00Z' }), 201, silent),
      { ask: `GET ${events}/a`, status: 200, compare: ['apiVersion', 'regarding', 'note', 'deprecatedCount', 'deprecatedSource', 'deprecatedFirstTimestamp', 'deprecatedLastTimestamp', 'eventTime', 'message'] },
      { ask: `GET ${inNs('v1', 'events')}/a`, accept: table, status: 200, compare: ['rows.0.cells.3', 'rows.0.cells.5', 'rows.0.cells.6', 'rows.0.cells.8'] },
    ]
  },
  refused('events: what they refuse', events, event({ eventTime: undefined }), event({ type: 'Odd' }), event({ action: '', reason: '', reportingController: '', reportingInstance: '' }), event({ deprecatedCount: 1, deprecatedSource: { component: 'x' }, deprecatedFirstTimestamp: '2026-01-01T00:00:00Z' }), event({ series: { count: 1 } }), event({ regarding: { kind: 'Pod', name: 'p' } }), event({ reportingController: 'a b', action: 'x'.repeat(129) })),
  refused('leases: what they refuse', inNs('coordination.k8s.io/v1', 'leases'), object('coordination.k8s.io/v1', 'Lease', { spec: { leaseDurationSeconds: -1, leaseTransitions: -1 } })),
  made('leases: what has not come yet', inNs('coordination.k8s.io/v1', 'leases'), object('coordination.k8s.io/v1', 'Lease', { spec: { holderIdentity: 'x', preferredHolder: 'x', strategy: 'OldestEmulationVersion' } }), { compare: ['spec', 'metadata.managedFields'] }),
  refused('PriorityClasses: what they refuse', '/apis/scheduling.k8s.io/v1/priorityclasses', object('scheduling.k8s.io/v1', 'PriorityClass', { value: 1 }, { name: 'system-{ns}' }), object('scheduling.k8s.io/v1', 'PriorityClass', { value: 1 }, { name: 'system-node-critical' }), object('scheduling.k8s.io/v1', 'PriorityClass', { value: 1, preemptionPolicy: 'Maybe' }, own)),
  {
    name: 'RuntimeClasses',
    steps: [
      post('/apis/node.k8s.io/v1/runtimeclasses?dryRun=All', object('node.k8s.io/v1', 'RuntimeClass', { handler: 'A' }, own), 422),
      post('/apis/node.k8s.io/v1/runtimeclasses', object('node.k8s.io/v1', 'RuntimeClass', { handler: 'x', scheduling: { nodeSelector: { a: 'b' } } }, own), 201, silent),
      patch('/apis/node.k8s.io/v1/runtimeclasses/{ns}', { handler: 'y' }, 422),
      { ask: 'DELETE /apis/node.k8s.io/v1/runtimeclasses/{ns}', status: 200, compare: 'none' },
    ]
  },
  {
    name: 'cells of an Ingress and a class',
    steps: [
      post(ingresses, ingress({ ingressClassName: 'x', rules: [{ host: 'a.b' }, { host: 'c.d' }, { host: 'e.f' }, { host: 'g.h' }], tls: [{ hosts: ['a.b'] }] }), 201, silent),
      { ask: `GET ${ingresses}/a`, accept: table, status: 200, compare: ['rows.0.cells.1', 'rows.0.cells.2', 'rows.0.cells.3', 'rows.0.cells.4'] },
      post(storageClasses, object('storage.k8s.io/v1', 'StorageClass', { provisioner: 'example.com/x' }, { ...own, annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } }), 201, silent),
      { ask: `GET ${storageClasses}/{ns}`, accept: table, status: 200, compare: ['rows.0.cells.0', 'rows.0.cells.1', 'rows.0.cells.2', 'rows.0.cells.3', 'rows.0.cells.4'] },
      { ask: `DELETE ${storageClasses}/{ns}`, status: 200, compare: 'none' },
    ]
  },
]

/** The rules of kinds beyond pods: what they fill in, what they refuse, what stays, and what they are in other versions. */
export const rules: Fact[] = [...workloads, ...batch, ...networking, ...storage, ...autoscaling, ...rights, ...certificates, ...extensions, ...others]
