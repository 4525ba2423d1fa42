import { labels, loginRecords, users, type LoginRecord } from '../../../schemas/iam/v1alpha2.js'
import { defineReconciler, unlessMissing, watched, type Kube, type Reconciler, type ServerConfig } from '../../../core/sdk/index.js'

const createdAt = ({ metadata }: LoginRecord): number => Date.parse(metadata.creationTimestamp ?? '') || 0

/** Notes the last log-in on the account, and keeps as many records as are asked for, as long as they are asked for. */
export function loginRecordReconciler ({ kube, config, now = Date.now }: { kube: Kube, config: ServerConfig['authentication'], now?: () => number }): Reconciler {
  const people = kube.store(users)
  const records = kube.store(loginRecords)
  const ownerOf = ({ metadata }: LoginRecord): string => metadata.labels?.[labels.userRef] ?? ''
  const byUser = records.index('user', record => [ownerOf(record)])
  const { loginHistoryRetentionPeriod: retention, loginHistoryMaximumEntries: most } = config
  const remove = ({ metadata: { name } }: LoginRecord) => kube.delete(loginRecords, { name }).catch(unlessMissing)

  async function note (name: string, record: LoginRecord): Promise<void> {
    const user = people.get(name)
    const at = createdAt(record)
    if (!user || user.metadata.deletionTimestamp || (Date.parse(user.status?.lastLoginTime ?? '') || 0) >= at) return
    await kube.modify(users, { name }, user => ({ ...user, status: { ...user.status, lastLoginTime: record.metadata.creationTimestamp ?? '' } })).catch(unlessMissing)
  }

  async function drop (name: string): Promise<void> {
    const kept = byUser.get(name)
    if (kept.length <= most) return
    const surplus = [...kept].sort((a, b) => createdAt(a) - createdAt(b)).slice(0, kept.length - most)
    for (const record of surplus) await remove(record)
  }

  return defineReconciler({
    name: 'loginrecord',
    watches: [watched(loginRecords)],
    async reconcile ({ name }) {
      const record = records.get(name)
      if (!record || record.metadata.deletionTimestamp) return undefined
      const owner = ownerOf(record)
      const left = createdAt(record) + retention - now()
      if (!people.get(owner) || left <= 0) { await remove(record); return undefined }
      await note(owner, record)
      await drop(owner)
      return { again: left }
    },
  })
}
