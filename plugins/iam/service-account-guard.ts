import { annotations } from '../../schemas/iam/v1alpha2.js'
import { roles, serviceAccounts } from '../../schemas/kube/builtin.js'
import { qualifiedResource } from '../../schemas/kube/object.js'
import type { Kube, ObjectGuard } from '../../core/sdk/index.js'
import { missing } from './errors.js'
import type { Holdings } from './holdings.js'
import { namespace } from './places.js'

const everything = [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }]

/** The annotation of a service account gives it a role: nobody writes there what they could not bind. */
export function serviceAccountGuard ({ kube, holdings }: { kube: Kube, holdings: Holdings }): ObjectGuard {
  const known = kube.store(roles)
  return {
    resource: qualifiedResource(serviceAccounts),
    write ({ user, info, object, stored }) {
      const name = object?.metadata.annotations?.[annotations.role]
      if (!name || name === stored?.metadata.annotations?.[annotations.role] || holdings.isAdministrator(user)) return undefined
      const [place, role] = [namespace(info.namespace), known.get(name, info.namespace)]
      if (role) holdings.requireRole(user, place, role)
      // A role that may come later could be any.
      else if (!holdings.covers(user, place, everything)) throw missing(roles, name)
      return undefined
    },
  }
}
