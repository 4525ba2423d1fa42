import fc from '../../helpers/fast-check.js'
import t from 'tap'
import { parsePath, serialisePath } from '../../../core/request/canonical.js'

const accepted = (path: string) => { try { return parsePath(path) } catch { return undefined } }

t.test('one canonical path, or none', async t => {
  const refused: [string, string][] = [
    ['no slash', 'api'], ['an empty segment', '/api//v1'], ['dots', '/api/../v1'], ['a dot', '/api/./v1'], ['escaped dots', '/api/%2e%2e/v1'], ['escaped dots, upper', '/api/%2E%2E/v1'],
    ['an escaped slash', '/api/a%2Fb'], ['a small escape', '/api/a%2fb'], ['a backslash', '/api/a\\b'], ['an escaped backslash', '/api/a%5Cb'], ['an escaped percent', '/api/%2561'],
    ['a semicolon', '/api/a;b'], ['an escaped semicolon', '/api/a%3Bb'], ['NUL', '/api/%00'], ['a line feed', '/api/%0A'], ['DEL', '/api/%7F'], ['an escape of a letter', '/api/%61'],
    ['half an escape', '/api/%2'], ['no UTF-8', '/api/%FF'], ['an overlong dot', '/api/%C0%AE'], ['a raw umlaut', '/api/ä'], ['a space', '/api/a b'], ['a C1 control', '/api/%C2%85'],
    ['another origin', '//evil/api'], ['9,000 characters', `/${'a'.repeat(9_000)}`],
  ]
  for (const [what, path] of refused) t.notOk(accepted(path), `${what}: ${path.slice(0, 40)}`)
  for (const path of ['/', '/api', '/api/', '/api/v1/namespaces/a/pods/b:80/proxy/', '/apis/x/y%3Az', '/api/%C3%A4', '/a@b,c=d+e']) t.equal(accepted(path)?.path, path, path)
})

const piece = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('api', 'apis', 'v1', 'namespaces', 'ns-a', 'pods', 'a:b', '..', '.', '', '%2e', '%2E', '%2F', '%2f', '%5C', '%3B', '%25', '%00', ';', '\\', 'ä', '%C3%A4', '%c3%a4', '%41', '%7E', '~', '@', ',') },
  { weight: 2, arbitrary: fc.string({ maxLength: 6 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 4 }) }
)
const segment = fc.array(piece, { maxLength: 3 }).map(pieces => pieces.join(''))

t.test('whatever is accepted is written and read alike', async t => {
  let taken = 0
  fc.assert(fc.property(fc.array(segment, { maxLength: 6 }).map(segments => `/${segments.join('/')}`), path => {
    const read = accepted(path)
    if (!read) return
    taken++
    if (read.path !== path) throw new Error(`${path} became ${read.path}`)
    const again = parsePath(serialisePath(read.segments))
    if (JSON.stringify(again.segments) !== JSON.stringify(read.segments)) throw new Error(`${path} reads otherwise once written`)
    if (/[\\%;]|\/\/|\/\.\.?(\/|$)/.test(read.decoded)) throw new Error(`${path} holds ${read.decoded}`)
    // What another reader would make of it.
    const url = new URL(path, 'http://upstream')
    if (url.host !== 'upstream' || decodeURIComponent(url.pathname) !== read.decoded) throw new Error(`${path} is ${url.href} to others`)
  }), { numRuns: 100_000 })
  t.ok(taken > 1_000, `${taken} of 100,000 generated paths are canonical`)
})
