import { readFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { listSegments, segmentPath } from './folder.ts'
import { SegmentWriter } from './segment-writer.ts'

test('appends, and begins a new segment when one is full', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'segments-'))
  const writer = new SegmentWriter(folder.path, 10)
  for (const text of ['12345678\n', 'ab\n', 'cd\n']) writer.append(Buffer.from(text))
  writer.close()
  expect(listSegments(folder.path)).toEqual([1, 2])
  expect(readFileSync(segmentPath(folder.path, 1), 'utf8')).toBe('12345678\nab\n')
  expect(readFileSync(segmentPath(folder.path, 2), 'utf8')).toBe('cd\n')
  expect(writer.end).toEqual({ segment: 2, offset: 3 })
})

test('throws what the disk throws, and stays where it was', () => {
  const writer = new SegmentWriter('/no/such/folder')
  expect(() => writer.append(Buffer.from('x\n'))).toThrow('ENOENT')
  expect(writer.end).toEqual({ segment: 1, offset: 0 })
})

test('syncs what was appended, and is closed with or without', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'segments-'))
  const writer = new SegmentWriter(folder.path, 3)
  await writer.sync()
  writer.append(Buffer.from('ab\n'))
  await writer.sync()
  await writer.sync()
  writer.append(Buffer.from('cd\n'))
  writer.close({ isKept: false })
  writer.close()
  expect(listSegments(folder.path)).toEqual([1, 2])
  expect(readFileSync(segmentPath(folder.path, 2), 'utf8')).toBe('cd\n')
})
