import { createHash, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { PartHasher } from './part-hasher.ts'

const parts = [randomBytes(3_000_000), Buffer.alloc(0), randomBytes(1)].map((bytes) => new Blob([bytes]))

async function expected(part: Blob): Promise<object> {
  const bytes = await part.bytes()
  return { bytes, md5: createHash('md5').update(bytes).digest('base64') }
}

test('gives each of several parts its own bytes and hash', async () => {
  using hasher = new PartHasher()
  const read = await Promise.all(parts.map((part) => hasher.read(part)))
  expect(read).toEqual(await Promise.all(parts.map(expected)))
})

test.each([
  ['ends', 'process.exit(1)'],
  ['cannot be read', 'this is no program'],
  ['takes a part and ends', "require('node:worker_threads').parentPort.on('message', () => process.exit(0))"],
])('hashes by itself where the thread %s', async (_, program) => {
  using hasher = new PartHasher(program)
  const read = await Promise.all(parts.map((part) => hasher.read(part)))
  expect(read).toEqual(await Promise.all(parts.map(expected)))
})
