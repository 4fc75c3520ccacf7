import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeCursor } from './cursor.ts'
import { readCursor } from './read-cursor.ts'
import { createJournalFolder, listSegments, removeJournalFolder, segmentPath } from './folder.ts'
import { readRemote, writeRemote } from './header.ts'

test('lists segments in the order of their numbers', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'folder-'))
  for (const name of ['1000000.seg', '000002.seg', '000010.seg', 'run.json', 'x.seg']) {
    writeFileSync(join(folder.path, name), '')
  }
  expect(listSegments(folder.path)).toEqual([2, 10, 1_000_000])
})

test('removes everything but what the server rejected', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'folder-'))
  const [clean, rejected] = ['a', 'b'].map((name) => join(folder.path, name))
  for (const path of [clean, rejected]) {
    createJournalFolder(path ?? '')
    writeFileSync(join(path ?? '', 'run.json'), '{}')
  }
  writeFileSync(join(rejected ?? '', 'dead.jsonl'), '{}\n')
  removeJournalFolder(clean ?? '')
  removeJournalFolder(rejected ?? '')
  expect(existsSync(clean ?? '')).toBe(false)
  expect(readdirSync(rejected ?? '')).toEqual(['dead.jsonl'])
})

test('a torn cursor or memory of the server counts as none', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'folder-'))
  writeFileSync(segmentPath(folder.path, 3), 'x'.repeat(12))
  writeCursor(folder.path, { segment: 3, offset: 12 })
  writeRemote(folder.path, { attempted: true })
  expect(readCursor(folder.path)).toEqual({ segment: 3, offset: 12 })
  expect(readRemote(folder.path)).toEqual({ attempted: true })
  writeFileSync(join(folder.path, 'cursor.json'), '{"segment":')
  writeFileSync(join(folder.path, 'remote.json'), '[]')
  expect(readCursor(folder.path)).toEqual({ segment: 1, offset: 0 })
  expect(readRemote(folder.path)).toBeUndefined()
})
