import { isRecord } from '../../../core/sdk/index.js'
import { listAt } from './cells.js'
import { fill } from './row.js'

type Fields = Record<string, unknown>

/** What a field reference reads stands in v1; a resource is told in whole units. */
export function referenceDefaults ({ fieldRef, resourceFieldRef }: Fields): void {
  if (isRecord(fieldRef)) fill(fieldRef, { apiVersion: 'v1' })
  if (isRecord(resourceFieldRef)) fill(resourceFieldRef, { divisor: '0' })
}

function downwardDefaults (source: Fields): void {
  for (const item of listAt(source, 'items')) referenceDefaults(item)
}

function projectedDefaults (source: Fields): void {
  fill(source, { defaultMode: 0o644 })
  for (const { downwardAPI, serviceAccountToken } of listAt(source, 'sources')) {
    if (isRecord(downwardAPI)) downwardDefaults(downwardAPI)
    if (isRecord(serviceAccountToken)) fill(serviceAccountToken, { expirationSeconds: 3600 })
  }
}

function claimDefaults ({ volumeClaimTemplate }: Fields): void {
  if (isRecord(volumeClaimTemplate) && isRecord(volumeClaimTemplate.spec)) fill(volumeClaimTemplate.spec, { volumeMode: 'Filesystem' })
}

const plain = (values: Fields) => (source: Fields): void => { fill(source, values) }

/** What Kubernetes fills in the sources of volumes, of Pods and PersistentVolumes. */
const sources: Readonly<Record<string, (source: Fields) => void>> = {
  configMap: plain({ defaultMode: 0o644 }),
  secret: plain({ defaultMode: 0o644 }),
  downwardAPI: source => {
    fill(source, { defaultMode: 0o644 })
    downwardDefaults(source)
  },
  projected: projectedDefaults,
  ephemeral: claimDefaults,
  hostPath: plain({ type: '' }),
  iscsi: plain({ iscsiInterface: 'default' }),
  rbd: plain({ pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' }),
  azureDisk: plain({ cachingMode: 'ReadWrite', fsType: 'ext4', readOnly: false, kind: 'Shared' }),
  scaleIO: plain({ storageMode: 'ThinProvisioned', fsType: 'xfs' }),
}

export function sourceDefaults (volume: Fields): void {
  for (const [name, source] of Object.entries(volume)) if (isRecord(source)) sources[name]?.(source)
}

/** A volume of a Pod; one without a source is an empty folder. */
export function volumeDefaults (volume: Fields): void {
  if (!Object.values(volume).some(isRecord)) volume.emptyDir = {}
  sourceDefaults(volume)
}
