import { annotations, users, type User } from '../../schemas/iam/v1alpha2.js'
import { timestampOf, withEntry, type Command, type CommandServices } from '../../core/sdk/index.js'
import { passwordCause, reopens } from './accounts.js'
import { randomPassword } from './administrator.js'
import { missing } from './errors.js'

const active = (user: User): User => ({ ...user, status: { ...user.status, state: 'Active', lastTransitionTime: timestampOf(Date.now()) } })

/** What an operator does to accounts with the credentials of the cluster. */
export function accountCommands ({ kube, passwords, authentication }: CommandServices): Readonly<Record<string, Command>> {
  async function stored (name: string): Promise<User> {
    const user = await kube.find(users, { name })
    if (!user) throw missing(users, name)
    return user
  }

  return {
    /** As those who manage people do it: active from now on, so that no failure before counts. */
    async unlock (name) {
      const user = await stored(name)
      if (reopens(user, active(user))) await authentication.issuer.endAll(name)
      await kube.modify(users, { name }, active)
      return [`${name} is active; it was ${user.status?.state || 'without state'}`]
    },

    async 'reset-password' (name, input) {
      await stored(name)
      const given = await input()
      const password = given || randomPassword()
      const wrong = passwordCause(password)
      if (wrong) throw new Error(`the password of ${name} is not changed: ${wrong.message}`)
      const hash = await passwords.hash(password)
      await kube.modify(users, { name }, user => withEntry({ ...user, spec: { ...user.spec, password: hash } }, 'annotations', annotations.lastPasswordChange, timestampOf(Date.now())))
      await authentication.issuer.endAll(name)
      return [`the password of ${name} is changed, and the sessions have ended`, ...(given ? [] : [`password: ${password}`])]
    },
  }
}
