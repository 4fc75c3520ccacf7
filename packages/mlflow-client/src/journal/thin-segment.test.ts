import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseLines, sealLine } from './line.ts'
import { thinSegment } from './thin-segment.ts'

const line = (record: object): string => sealLine(JSON.stringify(record))
const points = Array.from({ length: 6400 }, (_, step) => ({ k: 'm', at: step, s: step, v: { a: step } }))
const params = { k: 'p', v: { text: 'x'.repeat(200_000) } }

test('makes a segment of many points small, and keeps what is no metric', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'thin-'))
  const path = join(folder.path, '000001.seg')
  writeFileSync(path, [...points.slice(0, 3200), params, ...points.slice(3200)].map(line).join(''))
  const size = readFileSync(path).length
  const thinned = await thinSegment(path, () => true)
  const { records, consumed, corrupt } = parseLines(readFileSync(path))
  expect(thinned).toEqual({ points: 6000, bytesBefore: size, bytesAfter: consumed })
  expect([records.length, corrupt]).toEqual([401, 0])
  expect(records).toContainEqual(params)
  expect(records.at(-1)).toEqual(points.at(-1))
  expect(readdirSync(folder.path)).toEqual(['000001.seg'])
})

test('leaves a segment alone that delivery has come to, and one with nothing to thin', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'thin-'))
  const path = join(folder.path, '000001.seg')
  writeFileSync(path, points.map(line).join(''))
  const before = readFileSync(path)
  expect(await thinSegment(path, () => false)).toMatchObject({ points: 0, bytesAfter: before.length })
  expect(readFileSync(path).equals(before)).toBe(true)
  writeFileSync(path, line(params))
  expect(await thinSegment(path, () => true)).toMatchObject({ points: 0 })
  expect(readdirSync(folder.path)).toEqual(['000001.seg'])
})
