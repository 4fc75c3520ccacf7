import { appendFileSync, existsSync, statSync, writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { noteEtag, readNotes, removeNotes, writeNotes } from './upload-notes.ts'

const file = { sizeBytes: 10, modifiedMs: 5 }
const notes = { uploadId: 'u', targets: [{ number: 1, url: 'http://s3/1', headers: {} }], ...file }

test('recalls what was noted, and only for the same file', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'notes-'))
  const path = join(folder.path, 'notes')
  expect(readNotes(path, file)).toBeUndefined()
  const progress = writeNotes(path, notes)
  noteEtag(path, progress, 2, 'two')
  noteEtag(path, progress, 1, 'one')
  expect(readNotes(path, file)).toEqual({
    notes,
    etags: new Map([
      [2, 'two'],
      [1, 'one'],
    ]),
  })
  expect(readNotes(path, file)).toEqual(progress)
  expect(readNotes(path, { ...file, sizeBytes: 11 })).toBeUndefined()
  expect(readNotes(path, { ...file, modifiedMs: 6 })).toBeUndefined()
  expect(statSync(path).mode & 0o777).toBe(0o600)
  removeNotes(path)
  expect(existsSync(path)).toBe(false)
})

test('takes torn notes for what is whole in them', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'notes-'))
  const path = join(folder.path, 'notes')
  noteEtag(path, writeNotes(path, notes), 1, 'one')
  appendFileSync(path, '[2,"tw')
  expect(readNotes(path, file)?.etags).toEqual(new Map([[1, 'one']]))
  writeFileSync(path, '{"uploadId":"u"')
  expect(readNotes(path, file)).toBeUndefined()
  writeFileSync(path, '{}\n')
  expect(readNotes(path, file)).toBeUndefined()
})
