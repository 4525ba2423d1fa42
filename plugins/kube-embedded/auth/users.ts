/** Who asks. */
export interface User {
  readonly name: string
  readonly uid?: string
  readonly groups: readonly string[]
  readonly extra?: Readonly<Record<string, readonly string[]>>
}

export const masters = 'system:masters'
export const authenticated = 'system:authenticated'
export const unauthenticated = 'system:unauthenticated'

/** Who holds the token of the data directory, and who asks in process. */
export const admin: User = Object.freeze({ name: 'system:admin', groups: [masters, authenticated] })
/** Who shows no credential. */
export const anonymous: User = Object.freeze({ name: 'system:anonymous', groups: [unauthenticated] })

/** Members of system:masters may everything, whatever the roles say. */
export const isMaster = (user: User): boolean => user === admin || user.groups.includes(masters)

const accountPrefix = 'system:serviceaccount:'
export const accountUser = (namespace: string, name: string): string => `${accountPrefix}${namespace}:${name}`
export const accountGroups = (namespace: string): string[] => ['system:serviceaccounts', `system:serviceaccounts:${namespace}`]

/** The ServiceAccount that a user name stands for. */
export function accountOf (username: string): { namespace: string, name: string } | undefined {
  const found = /^system:serviceaccount:([a-z0-9]([-a-z0-9]*[a-z0-9])?):([a-z0-9]([-a-z0-9.]*[a-z0-9])?)$/.exec(username)
  return found ? { namespace: found[1] ?? '', name: found[3] ?? '' } : undefined
}

/** UserInfo of authentication.k8s.io. */
export const userInfo = ({ name, uid, groups, extra }: User) => ({ username: name, ...(uid ? { uid } : {}), groups, ...(extra && Object.keys(extra).length ? { extra } : {}) })
