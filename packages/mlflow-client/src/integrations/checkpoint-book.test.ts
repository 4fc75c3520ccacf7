import { mkdtempDisposable, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readBook, writeBook, type CheckpointBook } from './checkpoint-book.ts'

let folder: Awaited<ReturnType<typeof mkdtempDisposable>>
const book: CheckpointBook = {
  version: 1,
  runId: 'r',
  checkpoints: [
    { name: 'a.ckpt', score: 0.5, artifacts: ['checkpoints/a.ckpt', 'checkpoints/a.soen'], fingerprint: '1' },
    { name: 'b.ckpt', artifacts: [], fingerprint: '2' },
  ],
  removing: ['checkpoints/c.ckpt'],
}

beforeEach(async () => {
  folder = await mkdtempDisposable(join(tmpdir(), 'book-'))
})
afterEach(() => folder[Symbol.asyncDispose]())

test('is read as it was written, and leaves nothing else', async () => {
  writeBook(folder.path, { ...book, removing: [] })
  writeBook(folder.path, book)
  expect(readBook(folder.path)).toEqual(book)
  expect(await readdir(folder.path)).toEqual(['.soen-checkpoints.json'])
})

test('that is missing is none', () => {
  expect(readBook(join(folder.path, 'none'))).toBeUndefined()
})

test.each([
  ['torn', JSON.stringify(book).slice(0, -5)],
  ['of a later version', JSON.stringify({ ...book, version: 2 })],
  ['without a run', JSON.stringify({ ...book, runId: undefined })],
  ['with a strange checkpoint', JSON.stringify({ ...book, checkpoints: [{ name: 'a' }] })],
  [
    'with a strange score',
    JSON.stringify({ ...book, checkpoints: [{ ...book.checkpoints[0], score: 'x' }] }),
  ],
  ['with strange removals', JSON.stringify({ ...book, removing: [1] })],
  ['no object', 'null'],
])('that is %s is none', async (_, text) => {
  await writeFile(join(folder.path, '.soen-checkpoints.json'), text)
  expect(readBook(folder.path)).toBeUndefined()
})
