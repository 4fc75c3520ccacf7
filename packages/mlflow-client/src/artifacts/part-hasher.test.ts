import { createHash, randomBytes } from 'node:crypto'
import { mkdtempDisposable, open, writeFile, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { PartHasher } from './part-hasher.ts'

const content = randomBytes(3_000_001)
const parts = [
  { number: 1, start: 0, end: 1_500_000 },
  { number: 2, start: 1_500_000, end: 3_000_000 },
  { number: 3, start: 3_000_000, end: 3_000_001 },
]
const expected = parts.map(({ start, end }) =>
  createHash('md5').update(content.subarray(start, end)).digest('base64'),
)

let folder: Awaited<ReturnType<typeof mkdtempDisposable>>
let file: FileHandle

beforeEach(async () => {
  folder = await mkdtempDisposable(join(tmpdir(), 'hasher-'))
  await writeFile(join(folder.path, 'weights'), content)
  file = await open(join(folder.path, 'weights'))
})
afterEach(async () => {
  await file.close()
  await folder[Symbol.asyncDispose]()
})

test('gives each of several parts its own hash', async () => {
  using hasher = new PartHasher()
  expect(await Promise.all(parts.map((part) => hasher.hash(file.fd, part)))).toEqual(expected)
})

test.each([
  ['ends', 'process.exit(1)'],
  ['cannot be read', 'this is no program'],
  ['takes a part and ends', "require('node:worker_threads').parentPort.on('message', () => process.exit(0))"],
])('hashes by itself where the thread %s', async (_, program) => {
  using hasher = new PartHasher(program)
  expect(await Promise.all(parts.map((part) => hasher.hash(file.fd, part)))).toEqual(expected)
})

test('ends with a file that became shorter', async () => {
  using hasher = new PartHasher()
  const beyond = { number: 1, start: 3_000_000, end: 9_000_000 }
  expect(await hasher.hash(file.fd, beyond)).toBe(expected[2])
})
