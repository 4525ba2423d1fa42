import { singularOf } from '../../../schemas/kube/object.js'
import { notFound, parseListQuery, type App } from '../../../core/sdk/index.js'
import { users } from '../../../schemas/iam/v1alpha2.js'
import type { RoleObject } from '../../../schemas/kube/builtin.js'
import { decode, MemberBody, MembersBody } from '../bodies.js'
import type { Catalog } from '../catalog.js'
import { personOf, type Directory } from '../directory.js'
import type { Member, Members } from '../members.js'
import type { Params, PathRow } from './rows.js'
import { success } from './success.js'

interface Typed { Params: Params }
interface Parts { members: Members, catalog: Catalog, directory: Directory }

const whole = ({ username = '', roleRef = '' }: Partial<Member>): Member => ({ username, roleRef })

/** Members of one scope, and the templates behind what each of them may do there. */
export function memberRoutes (app: App, { members, catalog, directory }: Parts, row: PathRow): void {
  const { base, members: path, member = '', roles, groupsCount, tag, place } = row
  if (path === undefined) return
  const schema = { tags: [`${tag} Member`] }
  const [all, one] = [`${base}/${path}`, `${base}/${path}/:${member}`]
  const nameIn = (params: Params): string => params[member] ?? ''

  function templates (params: Params): RoleObject[] {
    const [where, name] = [place(params), nameIn(params)]
    if (!groupsCount) return catalog.partsOfFirst(where, name)
    const user = directory.find(name)
    if (!user) throw notFound(singularOf(users), name)
    return catalog.partsOfAll(where, personOf(user))
  }

  app.get<Typed>(all, { schema }, ({ params, target }) => members.list(place(params), parseListQuery(target.query)))
  app.post<Typed>(all, { schema }, ({ identity, params, body }) => members.add(identity, place(params), decode(MembersBody, body).map(whole)))
  app.get<Typed>(one, { schema }, ({ params }) => members.get(place(params), nameIn(params)))
  app.put<Typed>(one, { schema }, ({ identity, params, body }) => members.set(identity, place(params), nameIn(params), whole(decode(MemberBody, body))))
  app.delete<Typed>(one, { schema }, ({ params }) => success(members.remove(place(params), nameIn(params))))
  app.get<Typed>(`${one}/${roles}`, { schema }, ({ params }) => templates(params))
}
