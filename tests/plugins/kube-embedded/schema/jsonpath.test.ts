import t from 'tap'
import { jsonPath } from '../../../../plugins/kube-embedded/schema/jsonpath.js'

const object = {
  metadata: { labels: { 'example.com/part': 'x', plain: 'y' } },
  spec: { size: 3, on: false, list: [{ name: 'a', v: 1 }, { name: 'b', v: 2 }], words: ['p', 'q'] },
  status: { conditions: [{ type: 'Ready', status: 'True' }, { type: 'Other', status: 'False' }] },
}
const table: [string, unknown][] = [
  ['.spec.size', 3],
  ['{.spec.size}', 3],
  ['$.spec.size', 3],
  ['.spec.on', false],
  ['.spec.nothing.there', undefined],
  ['.spec.toString', undefined],
  ['.metadata.labels.example\\.com/part', 'x'],
  ['.metadata.labels.example\\.com\\/part', 'x'],
  [".metadata.labels['example.com/part']", 'x'],
  [".metadata.labels['example\\.com/part']", 'x'],
  ['.spec.list[0].name', 'a'],
  ['.spec.list[-1].name', 'b'],
  ['.spec.list[*].name', 'a'],
  ['.spec.words[*]', 'p'],
  ['.status.conditions[?(@.type=="Ready")].status', 'True'],
  [".status.conditions[?(@.type=='Gone')].status", undefined],
  ['.spec.list[?(@.v==2)].name', 'b'],
  ['.spec.list[?(@.v!=1)].name', 'b'],
  ['.spec.list[?(@.w!=1)].name', undefined],
  ['.spec.words', ['p', 'q']],
]

t.test('paths', async t => {
  for (const [path, value] of table) t.same(jsonPath(path)?.(object), value, path)
  for (const path of ['.spec[', '.spec..size', '[?(@.a>1)]', '.spec.list[1:2]', 'a b', '.x'.repeat(65)]) t.equal(jsonPath(path), undefined, path.slice(0, 30))
})
