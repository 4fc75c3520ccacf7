import { expect, test } from 'vitest'
import { parseLines, sealLine } from './line.ts'

const records = [
  { k: 't', v: { note: 'line\nbreak and ü' } },
  { k: 'e', at: 1, status: 'FINISHED' },
] as const
const lines = records.map((record) => sealLine(JSON.stringify(record)))

test('reads back what it sealed', () => {
  const bytes = Buffer.from(lines.join(''))
  expect(parseLines(bytes)).toEqual({ records, consumed: bytes.length, corrupt: 0 })
})

test('looks as promised: checksum, space, JSON, newline', () => {
  // The check value of CRC-32 for "123456789", from its specification.
  expect(sealLine('123456789')).toBe('cbf43926 123456789\n')
})

test('leaves an unfinished line for later', () => {
  const torn = Buffer.from(lines.join('').slice(0, -5))
  expect(parseLines(torn)).toEqual({
    records: [records[0]],
    consumed: Buffer.byteLength(lines[0] ?? ''),
    corrupt: 0,
  })
})

test.each([
  ['a flipped bit', (line: string) => line.replace('FINISHED', 'FINISHEd')],
  ['an empty line', () => '\n'],
  ['a stump', () => 'cbf4\n'],
  ['a kind it does not know', () => sealLine('{"k":"z"}')],
])('goes on after %s', (_, damage) => {
  const damaged = damage(lines[1] ?? '')
  const bytes = Buffer.from(`${damaged}${lines[0] ?? ''}`)
  expect(parseLines(bytes)).toEqual({ records: [records[0]], consumed: bytes.length, corrupt: 1 })
})
