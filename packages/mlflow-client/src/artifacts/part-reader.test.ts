import { createHash, randomBytes } from 'node:crypto'
import { mkdir, mkdtempDisposable, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isSameFile, stateOf } from './file-state.ts'
import { PartReader } from './part-reader.ts'

const content = randomBytes(1_000_000)
const first = { number: 1, start: 0, end: 600_000 }
const last = { number: 2, start: 600_000, end: 1_000_000 }

let folder: Awaited<ReturnType<typeof mkdtempDisposable>>
let path: string

beforeEach(async () => {
  folder = await mkdtempDisposable(join(tmpdir(), 'reader-'))
  path = join(folder.path, 'weights')
  await writeFile(path, content)
})
afterEach(() => folder[Symbol.asyncDispose]())

test('reads parts, each with the hash that belongs to it', async () => {
  await using reader = await PartReader.open(path)
  const read = await Promise.all([first, last].map((part) => reader.read(part, { isHashed: true })))
  for (const [index, { start, end }] of [first, last].entries()) {
    const bytes = content.subarray(start, end)
    expect(Buffer.from(read[index]?.bytes ?? []).equals(bytes)).toBe(true)
    expect(read[index]?.md5).toBe(createHash('md5').update(bytes).digest('base64'))
  }
})

test('uses the memory that it got back, also for a shorter part, and no other', async () => {
  await using reader = await PartReader.open(path)
  const one = await reader.read(first, { isHashed: false })
  const other = await reader.read(first, { isHashed: false })
  expect(other.bytes.buffer).not.toBe(one.bytes.buffer)
  reader.reuse(one)
  const { bytes, md5 } = await reader.read(last, { isHashed: false })
  expect([bytes.buffer === one.bytes.buffer, bytes.length, md5]).toEqual([true, 400_000, undefined])
  expect(Buffer.from(bytes).equals(content.subarray(600_000))).toBe(true)
})

test('has less to give of a file that became shorter, which is known as another', async () => {
  const written = { sizeBytes: content.length, modifiedMs: 1_000_000 }
  await utimes(path, 1000, 1000)
  await using reader = await PartReader.open(path)
  expect(isSameFile(await stateOf(path), written)).toBe(true)
  await truncate(path, 700_000)
  expect(isSameFile(await stateOf(path), written)).toBe(false)
  const { bytes } = await reader.read(last, { isHashed: true })
  expect(bytes.length).toBe(100_000)
})

test.each([
  ['is not there', async () => await PartReader.open(join(folder.path, 'missing'))],
  [
    'cannot be read',
    async () => {
      await mkdir(join(folder.path, 'folder'))
      await using reader = await PartReader.open(join(folder.path, 'folder'))
      return await reader.read(first, { isHashed: true })
    },
  ],
])('names a file that %s', async (_, read) => {
  await expect(read()).rejects.toMatchObject({ code: 'SOEN_ARTIFACT_UNREADABLE' })
})
