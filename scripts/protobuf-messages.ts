// Writes core/kube/protobuf-messages.ts from the sources of k8s.io/api and k8s.io/apimachinery:
// node --import tsx scripts/protobuf-messages.ts API_DIR APIMACHINERY_DIR > core/kube/protobuf-messages.ts
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const [api = '', machinery = ''] = process.argv.slice(2)
const versions = ['core/v1', 'apps/v1', 'batch/v1', 'autoscaling/v1', 'autoscaling/v2', 'rbac/v1', 'networking/v1', 'policy/v1', 'storage/v1', 'coordination/v1', 'discovery/v1', 'authentication/v1', 'authorization/v1', 'events/v1', 'scheduling/v1', 'node/v1', 'certificates/v1']
const packages = [
  { name: 'meta.v1', dir: join(machinery, 'pkg/apis/meta/v1'), only: new Set(['ObjectMeta', 'OwnerReference', 'ManagedFieldsEntry', 'FieldsV1', 'LabelSelector', 'LabelSelectorRequirement', 'Condition', 'DeleteOptions', 'Preconditions', 'ListMeta', 'Duration', 'Time', 'MicroTime', 'FieldSelectorRequirement']) },
  ...versions.map(version => ({ name: version.replace('/', '.'), dir: join(api, version), only: undefined })),
]

/** `.k8s.io.api.core.v1.Pod` → core.v1.Pod */
const short = (type: string) => type.replace(/^\.?k8s\.io\.(api\.|apimachinery\.pkg\.(apis\.)?)/, '').replace('.k8s.io', '')
const scalars: Record<string, string> = { string: 's', bytes: 'b', bool: 'B', int32: 'i', int64: 'i', double: 'd', uint32: 'i' }

/** What the Go types tell beside the numbers: which fields are pointers (`?`: zero is a value) and which are inlined in JSON (`!`). */
function marksOf (dir: string): Map<string, string> {
  const marks = new Map<string, string>()
  const source = readFileSync(join(dir, 'types.go'), 'utf8')
  for (const [, struct, body] of source.matchAll(/^type (\w+) struct \{\n([\s\S]*?)^\}/gm)) {
    for (const [, type, json, name] of body!.matchAll(/^\t(?:\w+\s+)?(\S+)\s+`json:"([^"]*)".*?name=(\w+)/gm)) {
      const mark = /(^|,)inline/.test(json!) ? '!' : type!.startsWith('*') ? '?' : ''
      if (mark) marks.set(`${struct!}.${name!}`, mark)
    }
  }
  return marks
}

const lines: string[] = []
for (const { name, dir, only } of packages) {
  const proto = join(dir, 'generated.proto')
  if (!existsSync(proto)) throw new Error(`${proto} is not there`)
  const marks = marksOf(dir)
  const kindOf = (type: string) => scalars[type] ?? (type.startsWith('.') || type.includes('.') ? short(type) : `${name}.${type}`)
  for (const [, message, body] of readFileSync(proto, 'utf8').matchAll(/^message (\w+) \{\n([\s\S]*?)^\}/gm)) {
    if (only && !only.has(message!)) continue
    const fields = [...body!.matchAll(/^ {2}(?:(optional|repeated) (\S+)|map<string, ([^>]+)>) (\w+) = (\d+);/gm)]
      .map(([, label, type, value, field, number]) => `${number!}${marks.get(`${message!}.${field!}`) ?? ''}${field!}:${value ? `@${kindOf(value)}` : `${label === 'repeated' ? '*' : ''}${kindOf(type!)}`}`)
    lines.push([`${name}.${message!}`, ...fields].join(' '))
  }
}
console.log(`// Made by scripts/protobuf-messages.ts from the Kubernetes 1.34 API; not to be edited.
/** A message a line: its name, then \`number [?|!] name : [*|@] type\`. \`?\` zero is a value, \`!\` inlined in JSON, \`*\` repeated, \`@\` a map; s text, b bytes, B bool, i integer, d double. */
export const messages = \`
${lines.join('\n')}
\``)
