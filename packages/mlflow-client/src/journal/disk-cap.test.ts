import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DiskCap, type DiskCapParts } from './disk-cap.ts'
import { listSegments, segmentPath } from './folder.ts'
import { parseLines, sealLine } from './line.ts'

const metrics = Array.from({ length: 1000 }, (_, step) =>
  sealLine(JSON.stringify({ k: 'm', at: step, s: step, v: { a: step } })),
).join('')
const params = sealLine(JSON.stringify({ k: 'p', v: { text: 'x'.repeat(metrics.length) } }))

interface Trial extends AsyncDisposable {
  readonly cap: DiskCap
  readonly folder: string
  readonly told: (number | 'full')[]
}

async function trial(segments: readonly string[], limits: DiskCapParts['limits']): Promise<Trial> {
  const spool = await mkdtempDisposable(join(tmpdir(), 'cap-'))
  const folder = join(spool.path, 'mine')
  mkdirSync(folder)
  segments.forEach((text, index) => writeFileSync(segmentPath(folder, index + 1), text))
  const told: Trial['told'] = []
  const cap = new DiskCap({
    folder: () => folder,
    limits,
    isIdle: (segment) => segment > 1 && segment < segments.length,
    onThinned: (points) => told.push(points),
    onFull: () => told.push('full'),
  })
  return { cap, folder, told, [Symbol.asyncDispose]: () => spool[Symbol.asyncDispose]() }
}

function bytesOf({ folder }: Trial): number[] {
  return listSegments(folder).map((segment) => statSync(segmentPath(folder, segment)).size)
}

test('does nothing while there is room', async () => {
  await using run = await trial([metrics, metrics, metrics], { maxRunBytes: 1e9, maxSpoolBytes: 1e9 })
  await run.cap.enforce()
  expect(run.told).toEqual([])
})

test('thins as many segments as it takes, and never those in use', async () => {
  const size = metrics.length
  await using run = await trial([metrics, metrics, metrics, metrics], {
    maxRunBytes: 3.5 * size,
    maxSpoolBytes: 1e9,
  })
  await run.cap.enforce()
  expect(run.told).toHaveLength(1)
  const [first, second, third, last] = bytesOf(run)
  expect([first, third, last]).toEqual([size, size, size])
  expect(second).toBeLessThan(size / 5)
})

test('counts the journals of others too, and thins its own', async () => {
  await using run = await trial([metrics, metrics, metrics], {
    maxRunBytes: 1e9,
    maxSpoolBytes: 4.5 * metrics.length,
  })
  const other = join(run.folder, '../other')
  mkdirSync(other)
  writeFileSync(segmentPath(other, 1), metrics + metrics)
  await run.cap.enforce()
  expect(run.told).toHaveLength(1)
  expect(statSync(segmentPath(other, 1)).size).toBe(2 * metrics.length)
})

test('keeps parameters whatever they take, and says when nothing is left to thin', async () => {
  await using run = await trial([metrics, params, metrics, metrics], { maxRunBytes: 10, maxSpoolBytes: 1e9 })
  await run.cap.enforce()
  expect(run.told.at(-1)).toBe('full')
  expect(parseLines(readFileSync(segmentPath(run.folder, 2))).records).toHaveLength(1)
  const { records } = parseLines(readFileSync(segmentPath(run.folder, 3)))
  expect(records.at(-1)).toMatchObject({ s: 999 })
  expect(records.length).toBeLessThan(10)
})
