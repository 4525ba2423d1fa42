import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import t from 'tap'

const root = resolve(import.meta.dirname, import.meta.dirname.includes('/dist/') ? '../..' : '..')
const roots = ['core', 'plugins', 'schemas', 'config']

const files = roots.flatMap(folder => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts')).map(name => join(folder, name)))
const importsOf = (file: string): string[] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/^(?:import|export)\s[^'"]*?from '(\.[^']+)'|^import '(\.[^']+)'/gm)].map(m => relative(root, resolve(root, dirname(file), m[1] ?? m[2] ?? '')))

/** Where a file of a folder may import from; a plugin also from itself. */
function allowed (file: string, imported: string): boolean {
  const [top = '', plugin = ''] = file.split('/')
  if (top === 'schemas') return imported.startsWith('schemas/')
  if (top === 'config') return imported.startsWith('config/') || imported.startsWith('core/errors/') || imported.startsWith('core/sdk/')
  if (top === 'core') return !imported.startsWith('plugins/') || (file === 'core/main.ts' && imported === 'plugins/index.js')
  if (file === 'plugins/index.ts') return true
  return ['core/sdk/index.js', 'core/regexp/', 'schemas/', 'config/server.js', `plugins/${plugin}/`].some(room => imported.startsWith(room))
}

for (const file of files) {
  const strays = importsOf(file).filter(imported => !allowed(file, imported))
  t.strictSame(strays, [], `${file} imports only what its room allows`)
}
t.ok(files.length > 20, 'the tree was read')
