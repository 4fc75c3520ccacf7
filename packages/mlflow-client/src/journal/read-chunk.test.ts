import { appendFileSync, writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { START, type Position } from './cursor.ts'
import { segmentPath } from './folder.ts'
import { sealLine } from './line.ts'
import { readChunk } from './read-chunk.ts'

function line(name: string): string {
  return sealLine(JSON.stringify({ k: 't', v: { name } }))
}

function readAll(folder: string, bytes?: number): { names: string[]; corrupt: number } {
  const names: string[] = []
  let corrupt = 0
  let position: Position = START
  for (;;) {
    const chunk = readChunk(folder, position, bytes === undefined ? {} : { bytes })
    if (chunk === undefined) return { names, corrupt }
    names.push(...chunk.records.map((record) => (record.k === 't' ? (record.v['name'] ?? '') : '')))
    corrupt += chunk.corrupt
    position = chunk.next
  }
}

test('reads segment after segment, over gaps, in windows of any size', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'read-'))
  writeFileSync(segmentPath(folder.path, 2), ['a', 'b'].map(line).join(''))
  writeFileSync(segmentPath(folder.path, 5), ['c', 'd'.repeat(5000), 'e'].map(line).join(''))
  const names = ['a', 'b', 'c', 'd'.repeat(5000), 'e']
  expect(readAll(folder.path)).toEqual({ names, corrupt: 0 })
  expect(readAll(folder.path, 16)).toEqual({ names, corrupt: 0 })
})

test('passes over a torn end, counts it, and reads on in the next segment', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'read-'))
  writeFileSync(segmentPath(folder.path, 1), line('a') + line('torn').slice(0, 20))
  writeFileSync(segmentPath(folder.path, 2), line('b') + line('torn').slice(0, 3))
  expect(readAll(folder.path)).toEqual({ names: ['a', 'b'], corrupt: 2 })
})

test('never reads past the writer', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'read-'))
  const path = segmentPath(folder.path, 1)
  writeFileSync(path, line('a'))
  const end = { segment: 1, offset: Buffer.byteLength(line('a')) }
  appendFileSync(path, line('b'))
  const chunk = readChunk(folder.path, START, { end })
  expect(chunk?.records).toHaveLength(1)
  expect(chunk?.next).toEqual(end)
  expect(readChunk(folder.path, end, { end })).toBeUndefined()
})

test('finds nothing in an empty folder', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'read-'))
  expect(readChunk(folder.path, START)).toBeUndefined()
})
