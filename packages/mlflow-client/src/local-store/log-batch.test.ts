import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { BatchWriter } from './log-batch.ts'
import { readRunData } from './read-run.ts'

const names = ['a', 'a/b', 'a/b/c', 'c/d/e', 'c', 'c/d', 'f']

test.each([names, names.toReversed()])(
  'keeps a metric beside one that it begins with, written again by another process too: %j …',
  async (...order) => {
    await using root = await mkdtempDisposable(join(tmpdir(), 'batch-'))
    const folder = join(root.path, '1', 'run')
    const metrics = order.map((key) => ({ key, timestampMs: 1, step: 0, value: names.indexOf(key) }))
    for (let time = 0; time < 2; time += 1)
      new BatchWriter(root.path, folder).write({ metrics, params: [], tags: [] })
    const stored = Object.values((await readRunData(folder)).metrics)
    const values = stored.flatMap((points) => points.map(({ value }) => value))
    expect(values.toSorted((one, other) => one - other)).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(stored).toHaveLength(names.length)
  },
)

test('names the second one after both', async () => {
  await using root = await mkdtempDisposable(join(tmpdir(), 'batch-'))
  const folder = join(root.path, '1', 'run')
  const metrics = ['a', 'a/b', 'c/d', 'c'].map((key) => ({ key, timestampMs: 1, step: 0, value: 1 }))
  new BatchWriter(root.path, folder).write({ metrics, params: [], tags: [] })
  expect(Object.keys((await readRunData(folder)).metrics)).toEqual(['a', 'a..b', 'c..value', 'c/d'])
})
