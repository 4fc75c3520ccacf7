import { appendFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MetricFile } from './metric-file.ts'
import type { StoredPoint } from './metric-line.ts'

const point = (timestampMs: number, value = timestampMs): StoredPoint => ({ timestampMs, value, step: 0 })

async function folder(): Promise<AsyncDisposable & { readonly path: string; lines(): string[] }> {
  const made = await mkdtempDisposable(join(tmpdir(), 'metric-'))
  const path = join(made.path, 'metrics', 'loss')
  return {
    path,
    lines: () =>
      readFileSync(path, 'utf8')
        .split('\n')
        .map((line) => line.trimEnd()),
    [Symbol.asyncDispose]: () => made[Symbol.asyncDispose](),
  }
}

test('keeps each point once, delivered again by the same writer or by the next', async () => {
  await using at = await folder()
  const root = join(at.path, '../..')
  const first = new MetricFile(root, at.path)
  first.append([point(1), point(2)])
  first.append([point(1), point(2), point(2, 9), point(3)])
  new MetricFile(root, at.path).append([point(2), point(3), point(4), point(4)])
  expect(at.lines()).toEqual(['1 1.0 0', '2 2.0 0', '2 9.0 0', '3 3.0 0', '4 4.0 0', ''])
})

test('takes a point of an earlier time', async () => {
  await using at = await folder()
  const file = new MetricFile(join(at.path, '../..'), at.path)
  file.append([point(5)])
  file.append([point(3)])
  file.append([point(3), point(5)])
  expect(at.lines()).toEqual(['5 5.0 0', '3 3.0 0', ''])
})

test('knows a point in another spelling', async () => {
  await using at = await folder()
  mkdirSync(join(at.path, '..'), { recursive: true })
  writeFileSync(at.path, '1 1e-7 0\n')
  new MetricFile(join(at.path, '../..'), at.path).append([point(1, 1e-7), point(2)])
  expect(at.lines()).toEqual(['1 1e-7 0', '2 2.0 0', ''])
})

test.each(['17000', '1700 0.5', '1700 0.5 3'])('cuts the torn end %j and goes on', async (torn) => {
  await using at = await folder()
  const root = join(at.path, '../..')
  new MetricFile(root, at.path).append([point(1)])
  appendFileSync(at.path, torn)
  new MetricFile(root, at.path).append([point(2)])
  expect(at.lines()).toEqual(['1 1.0 0', '2 2.0 0', ''])
})

test.each(['', '1700'])('replaces a file that holds only %j', async (torn) => {
  await using at = await folder()
  mkdirSync(join(at.path, '..'), { recursive: true })
  writeFileSync(at.path, torn)
  new MetricFile(join(at.path, '../..'), at.path).append([point(2)])
  expect(at.lines()).toEqual(['2 2.0 0', ''])
})

test('sees what another program appended in between', async () => {
  await using at = await folder()
  const file = new MetricFile(join(at.path, '../..'), at.path)
  file.append([point(1)])
  appendFileSync(at.path, '2 2.0 0\n3 3.0')
  file.append([point(2), point(4)])
  expect(at.lines()).toEqual(['1 1.0 0', '2 2.0 0', '4 4.0 0', ''])
})

test('takes again what a full disk refused', async () => {
  await using at = await folder()
  let isFull = true
  const file = new MetricFile(join(at.path, '../..'), at.path, (path, text) => {
    if (isFull) throw new Error('ENOSPC: no space left on device')
    appendFileSync(path, text)
  })
  file.append([point(1)])
  expect(() => file.append([point(2), point(3)])).toThrow('ENOSPC')
  isFull = false
  file.append([point(2), point(3)])
  expect(at.lines()).toEqual(['1 1.0 0', '2 2.0 0', '3 3.0 0', ''])
})

test('is never there empty', async () => {
  await using at = await folder()
  const file = new MetricFile(join(at.path, '../..'), at.path)
  file.append([point(1)])
  expect(statSync(at.path).size).toBe('1 1.0 0\n'.length)
})
