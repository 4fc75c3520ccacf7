import { createHash } from 'node:crypto'
import { mkdtempDisposableSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openHashBook } from './hash-book.ts'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

async function setUp() {
  const folder = mkdtempDisposableSync(join(tmpdir(), 'soen-hashes-'))
  const [file, book] = [join(folder.path, 'wheel'), join(folder.path, 'book.json')]
  writeFileSync(file, 'first')
  const opened = await openHashBook(book, { settledAfterMs: 0 })
  expect(await opened.hashOf(file)).toEqual({ sha256: sha256('first'), sizeBytes: 5 })
  await opened.save()
  return { file, book, [Symbol.dispose]: () => folder[Symbol.dispose]() }
}

test('remembers a hash instead of reading the file again', async () => {
  using at = await setUp()
  const entries = JSON.parse(readFileSync(at.book, 'utf8'))
  entries[0][1].sha256 = 'as it was remembered'
  writeFileSync(at.book, JSON.stringify(entries))
  expect((await (await openHashBook(at.book)).hashOf(at.file)).sha256).toBe('as it was remembered')
})

test('reads a file anew that was changed, also where its time was set back', async () => {
  using at = await setUp()
  const { mtime } = statSync(at.file)
  writeFileSync(at.file, 'other')
  utimesSync(at.file, mtime, mtime)
  expect((await (await openHashBook(at.book)).hashOf(at.file)).sha256).toBe(sha256('other'))
})

test.each(['', 'half a boo', '{"an": "object"}', '[["path", null]]'])(
  'begins anew with a book of %j',
  async (text) => {
    using at = await setUp()
    writeFileSync(at.book, text)
    const book = await openHashBook(at.book, { settledAfterMs: 0 })
    expect((await book.hashOf(at.file)).sha256).toBe(sha256('first'))
    await book.save()
    expect(readFileSync(at.book, 'utf8')).toContain(sha256('first'))
  },
)

test('does without a book where none can be kept', async () => {
  using at = await setUp()
  const book = await openHashBook(join(at.file, 'no/folder'))
  expect((await book.hashOf(at.file)).sha256).toBe(sha256('first'))
  await expect(book.save()).resolves.toBeUndefined()
})

test('remembers nothing of a file that was written just now', async () => {
  using at = await setUp()
  const book = await openHashBook(at.book, { settledAfterMs: 60_000 })
  await book.hashOf(at.file)
  await book.save()
  expect(JSON.parse(readFileSync(at.book, 'utf8'))).toEqual([])
})
