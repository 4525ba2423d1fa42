import { isRecord, Quantity } from '../../../core/sdk/index.js'
import { absentValue, duplicateValue, forbiddenValue, invalidValue, invalidValues, requiredValue } from '../causes.js'
import { lowerPathProblems, plainLabelProblems, subdomainProblems } from '../names.js'
import { at, listAt, numberAt, textAt } from './cells.js'
import { fieldRefCauses, fileFields } from './environment-rules.js'
import { oneOf } from './rules.js'
import type { Cause } from './types.js'

type Fields = Record<string, unknown>
type Rule = (source: Fields, field: string) => Cause[]

/** Texts that have to be there, in their order. */
const need = (...names: string[]): Rule => (source, field) => names.flatMap(name => textAt(source, name) === '' ? [requiredValue(`${field}.${name}`)] : [])

function modeCauses (source: unknown, name: string, field: string): Cause[] {
  const mode = at(source, name)
  return typeof mode === 'number' && (mode < 0 || mode > 0o777) ? [invalidValue(`${field}.${name}`, mode, 'must be a number between 0 and 0777 (octal), both inclusive')] : []
}

function filePathCauses (path: string, field: string): Cause[] {
  if (path === '') return [requiredValue(field)]
  const above = path.startsWith('..') && !path.startsWith('../') && path !== '..' ? ["must not start with '..'"] : []
  return invalidValues(field, path, [...lowerPathProblems(path), ...above])
}

const itemCauses = (source: Fields, field: string): Cause[] => listAt(source, 'items').flatMap((item, i) => [
  ...need('key')(item, `${field}.items[${i}]`),
  ...filePathCauses(textAt(item, 'path'), `${field}.items[${i}].path`),
  ...modeCauses(item, 'mode', `${field}.items[${i}]`),
])

const files = (name: string): Rule => (source, field) => [...need(name)(source, field), ...modeCauses(source, 'defaultMode', field), ...itemCauses(source, field)]

function downwardItem (item: Fields, i: number, field: string): Cause[] {
  const place = `${field}.items[${i}]`
  const both = isRecord(item.fieldRef) && isRecord(item.resourceFieldRef)
  return [
    ...filePathCauses(textAt(item, 'path'), `${place}.path`),
    ...(isRecord(item.fieldRef) ? fieldRefCauses(item.fieldRef, `${place}.fieldRef`, fileFields) : []),
    ...(both ? [invalidValue(field, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously')] : []),
    ...(isRecord(item.fieldRef) || isRecord(item.resourceFieldRef) ? [] : [requiredValue(field, 'one of fieldRef and resourceFieldRef is required')]),
    ...modeCauses(item, 'mode', place),
  ]
}

const downward: Rule = (source, field) => [...modeCauses(source, 'defaultMode', field), ...listAt(source, 'items').flatMap((item, i) => downwardItem(item, i, field))]

function tokenCauses (source: Fields, field: string): Cause[] {
  const seconds = numberAt(source, 'expirationSeconds', 3600)
  return [
    ...(seconds < 600 ? [invalidValue(`${field}.expirationSeconds`, seconds, 'may not specify a duration less than 10 minutes')] : []),
    ...(seconds > 2 ** 32 ? [invalidValue(`${field}.expirationSeconds`, seconds, 'may not specify a duration larger than 2^32 seconds')] : []),
    ...need('path')(source, field),
  ]
}

const projectable: Readonly<Record<string, Rule>> = { secret: files('name'), configMap: files('name'), downwardAPI: downward, serviceAccountToken: tokenCauses }

const projected: Rule = (source, field) => [
  ...modeCauses(source, 'defaultMode', field),
  ...listAt(source, 'sources').flatMap((part, i) => Object.keys(projectable).filter(name => isRecord(part[name])).flatMap((name, n) =>
    n ? [forbiddenValue(`${field}.sources[${i}].${name}`, 'may not specify more than 1 volume type')] : projectable[name]!(part[name] as Fields, `${field}.sources[${i}].${name}`))),
]

const pathTypes = ['', 'BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket']

const hostPath: Rule = (source, field) => {
  const path = textAt(source, 'path')
  const steps = path.split('/').includes('..') ? [invalidValue(`${field}.path`, path, "must not contain '..'")] : []
  return [...(path === '' ? [requiredValue(`${field}.path`)] : steps), ...oneOf(`${field}.type`, source.type, pathTypes)]
}

const networkPath: Rule = (source, field) => {
  const path = textAt(source, 'path')
  return [...need('server', 'path')(source, field), ...(path.startsWith('/') ? [] : [invalidValue(`${field}.path`, path, 'must be an absolute path')])]
}

const driver: Rule = (source, field) => {
  const name = textAt(source, 'driver')
  return [...need('driver')(source, field), ...invalidValues(`${field}.driver`, name, subdomainProblems(name.toLowerCase()))]
}

/** The sources of volumes in the order in which Kubernetes looks for them. */
const sources: Readonly<Record<string, Rule>> = {
  emptyDir: ({ sizeLimit }, field) => sizeLimit !== undefined && Quantity.of(sizeLimit).sign < 0 ? [forbiddenValue(`${field}.sizeLimit`, 'SizeLimit field must be a valid resource quantity')] : [],
  hostPath,
  gitRepo: need('repository'),
  gcePersistentDisk: need('pdName'),
  awsElasticBlockStore: need('volumeID'),
  secret: files('secretName'),
  nfs: networkPath,
  iscsi: need('targetPortal', 'iqn'),
  glusterfs: need('endpoints', 'path'),
  persistentVolumeClaim: need('claimName'),
  rbd: need('image'),
  cinder: need('volumeID'),
  downwardAPI: downward,
  flexVolume: need('driver'),
  configMap: files('name'),
  azureFile: need('secretName', 'shareName'),
  vsphereVolume: need('volumePath'),
  azureDisk: need('diskName', 'diskURI'),
  projected,
  csi: driver,
  ephemeral: (source, field) => isRecord(source.volumeClaimTemplate) ? [] : [requiredValue(`${field}.volumeClaimTemplate`)],
  image: () => [],
}

export function volumeSourceCauses (volume: Fields, field: string): Cause[] {
  const given = Object.keys(sources).filter(name => isRecord(volume[name]))
  if (given.length === 0 && !Object.values(volume).some(isRecord)) return [requiredValue(field, 'must specify a volume type')]
  return given.flatMap((name, i) => i ? [forbiddenValue(`${field}.${name}`, 'may not specify more than 1 volume type')] : sources[name]!(volume[name] as Fields, `${field}.${name}`))
}

function nameCauses (name: string, known: ReadonlySet<string>, field: string): Cause[] {
  const causes = name === '' ? [requiredValue(field)] : invalidValues(field, name, plainLabelProblems(name))
  return known.has(name) ? [...causes, duplicateValue(field, name)] : causes
}

/** Rules of the volumes of a Pod; `known` are the names that can be mounted. */
export function volumeCauses (spec: unknown, field: string): { causes: Cause[], known: ReadonlySet<string> } {
  const known = new Set<string>()
  const causes = listAt(spec, 'volumes').flatMap((volume, i) => {
    const [name, place] = [textAt(volume, 'name'), `${field}.volumes[${i}]`]
    const found = [...volumeSourceCauses(volume, place), ...nameCauses(name, known, `${place}.name`)]
    if (found.length === 0) known.add(name)
    return found
  })
  return { causes, known }
}

/** Rules of what a container mounts. */
export function mountCauses (container: Fields, known: ReadonlySet<string>, field: string): Cause[] {
  const paths = new Set<string>()
  return listAt(container, 'volumeMounts').flatMap((mount, i) => {
    const [name, path, below, place] = [textAt(mount, 'name'), textAt(mount, 'mountPath'), textAt(mount, 'subPath'), `${field}.volumeMounts[${i}]`]
    const again = paths.has(path)
    paths.add(path)
    return [
      ...need('name')(mount, place),
      ...(known.has(name) ? [] : [absentValue(`${place}.name`, name)]),
      ...need('mountPath')(mount, place),
      ...(again ? [invalidValue(`${place}.mountPath`, path, 'must be unique')] : []),
      ...invalidValues(`${field}.volumeMounts.subPath`, below, lowerPathProblems(below)),
      ...oneOf(`${place}.mountPropagation`, mount.mountPropagation, ['Bidirectional', 'HostToContainer', 'None']),
    ]
  })
}
