import type { App } from '../../../core/sdk/index.js'
import { parseListQuery } from '../../../core/sdk/index.js'
import { decode, MetadataBody, metadataOf } from '../bodies.js'
import type { Catalog } from '../catalog.js'
import { nameMismatch } from '../errors.js'
import type { RoleEditor } from '../role-editor.js'
import type { Params, PathRow } from './rows.js'
import { success } from './success.js'

interface Typed { Params: Params }

/** Roles of one scope. */
export function roleRoutes (app: App, { catalog, editor }: { catalog: Catalog, editor: RoleEditor }, { base, roles, role, tag, place }: PathRow): void {
  const schema = { tags: [`${tag} Role`] }
  const [all, one] = [`${base}/${roles}`, `${base}/${roles}/:${role}`]
  const nameIn = (params: Params): string => params[role] ?? ''
  const body = (given: unknown) => metadataOf(decode(MetadataBody, given))

  app.get<Typed>(all, { schema }, ({ params, target }) => catalog.list(place(params), parseListQuery(target.query)))
  app.post<Typed>(all, { schema }, request => editor.save(request.identity, place(request.params), body(request.body)))
  app.get<Typed>(one, { schema }, ({ params }) => catalog.get(place(params), nameIn(params)))
  app.put<Typed>(one, { schema }, async request => {
    const asked = body(request.body)
    if (asked.name !== nameIn(request.params)) throw nameMismatch(asked.name, nameIn(request.params))
    return editor.save(request.identity, place(request.params), asked)
  })
  app.patch<Typed>(one, { schema }, request => editor.patch(request.identity, place(request.params), nameIn(request.params), body(request.body)))
  app.delete<Typed>(one, { schema }, ({ params }) => success(editor.remove(place(params), nameIn(params))))
}
