import { appendFileSync, existsSync, statSync, writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { noteCompletion, noteEtag, readNotes, removeNotes, writeNotes } from './upload-notes.ts'

const file = { sizeBytes: 10, modifiedMs: 5 }
const notes = { uploadId: 'u', targets: [{ number: 1, url: 'http://s3/1', headers: {} }], ...file }

test('recalls what was noted', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'notes-'))
  const path = join(folder.path, 'notes')
  expect(readNotes(path)).toBeUndefined()
  const progress = writeNotes(path, notes)
  noteEtag(path, progress, 2, 'two')
  noteEtag(path, progress, 1, 'one')
  expect(readNotes(path)).toEqual({
    notes,
    etags: new Map([
      [2, 'two'],
      [1, 'one'],
    ]),
  })
  expect(readNotes(path)).toEqual(progress)
  for (const size of [12, 'none', 'unknown'] as const) {
    noteCompletion(path, progress, size)
    expect(readNotes(path)).toEqual({ ...progress, storedBefore: size })
  }
  expect(statSync(path).mode & 0o777).toBe(0o600)
  removeNotes(path)
  expect(existsSync(path)).toBe(false)
})

test('takes torn notes for what is whole in them', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'notes-'))
  const path = join(folder.path, 'notes')
  noteEtag(path, writeNotes(path, notes), 1, 'one')
  appendFileSync(path, '[2,"tw')
  expect(readNotes(path)?.etags).toEqual(new Map([[1, 'one']]))
  writeFileSync(path, '{"uploadId":"u"')
  expect(readNotes(path)).toBeUndefined()
  writeFileSync(path, '{}\n')
  expect(readNotes(path)).toBeUndefined()
})
