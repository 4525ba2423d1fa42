import { annotations, type User } from '../../schemas/iam/v1alpha2.js'
import { withMetadata } from '../../core/sdk/index.js'

const ours = 'iam.kubesphere.io/'
const entries = (map: Record<string, string> = {}, wanted: (key: string) => boolean) => Object.entries(map).filter(([key]) => wanted(key))

/** What people change of their own account: how they are called and reached. All that the platform goes by stays as it is stored. */
export function ownProfile (body: User, stored: User): User {
  const { email, lang, description, displayName } = body.spec
  const { email: _email, lang: _lang, description: _description, displayName: _displayName, ...kept } = stored.spec
  const asked = body.metadata.annotations ?? {}
  const own = entries(asked, key => !key.startsWith(ours))
  const platforms = entries(stored.metadata.annotations, key => key.startsWith(ours) && (key !== annotations.uninitialized || Object.hasOwn(asked, key)))
  const notes = Object.fromEntries([...own, ...platforms])
  return withMetadata({
    ...stored,
    spec: { ...kept, email, ...(lang ? { lang } : {}), ...(description ? { description } : {}), ...(displayName ? { displayName } : {}) },
  }, { annotations: Object.keys(notes).length ? notes : undefined, resourceVersion: body.metadata.resourceVersion })
}
