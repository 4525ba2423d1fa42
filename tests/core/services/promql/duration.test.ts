import fc from '../../../helpers/fast-check.js'
import t from 'tap'
import { parseDuration, printDuration } from '../../../../core/services/promql/index.js'

const rows: [text: string, milliseconds: number, canonical: string][] = [
  ['0', 0, '0s'], ['0s', 0, '0s'], ['5m', 300_000, '5m'], ['90s', 90_000, '1m30s'], ['1h30m', 5_400_000, '1h30m'], ['1d2h', 93_600_000, '1d2h'],
  ['7d', 604_800_000, '1w'], ['8d', 691_200_000, '8d'], ['1w1d', 691_200_000, '8d'], ['365d', 31_536_000_000, '1y'], ['1y1d', 31_622_400_000, '366d'], ['54w', 32_659_200_000, '54w'],
  ['1500ms', 1500, '1s500ms'], ['100ms', 100, '100ms'], ['0y0w1d', 86_400_000, '1d'], ['1y2w3d4h5m6s7ms', 33_019_506_007, '382d4h5m6s7ms'], ['292y', 9_208_512_000_000, '292y'],
]

t.test('durations as Prometheus writes them', async t => {
  for (const [text, milliseconds, canonical] of rows) {
    t.equal(parseDuration(text), milliseconds, text)
    t.equal(printDuration(milliseconds), canonical, text)
    t.equal(parseDuration(canonical), milliseconds, canonical)
  }
  fc.assert(fc.property(fc.nat({ max: 9_000_000_000_000 }), milliseconds => parseDuration(printDuration(milliseconds)) === milliseconds))
})

const wrong: [text: string, message: string][] = [
  ['', 'empty duration string'],
  ...['1', '-1s', '1.5h', '1S', '1m1h', '1s1s', '5 m', ' 5m', '5m\n', 'm', '1us', '1mm', '٣m'].map((text): [string, string] => [text, `not a valid duration string: ${JSON.stringify(text)}`]),
  ['300y', 'duration out of range'], [`${'9'.repeat(400)}s`, 'duration out of range'],
]

t.test('and what is none', async t => {
  for (const [text, message] of wrong) t.throws(() => parseDuration(text), { message }, text)
})
