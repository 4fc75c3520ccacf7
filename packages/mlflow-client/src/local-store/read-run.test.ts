import { mkdirSync, writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { latestPoint, readRunFolder } from './read-run.ts'
import { toRunYaml } from './run-meta.ts'

const meta = {
  runId: 'r',
  experimentId: '1',
  name: 'torn',
  userId: 'ann',
  status: 'RUNNING',
  lifecycle: 'active',
  startTimeMs: 1,
  endTimeMs: undefined,
  artifactUri: 'file:///x',
} as const

test('reads what is whole of a torn run, and names the rest', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'run-'))
  const write = (path: string, content: string | Buffer): void => {
    mkdirSync(join(folder.path, path, '..'), { recursive: true })
    writeFileSync(join(folder.path, path), content)
  }
  write('meta.yaml', toRunYaml(meta))
  write('metrics/val/loss', '1 0.5 0\n17000\n3 0.25 2\n')
  write('metrics/__proto__', '1 1.0 0\n')
  write('metrics/empty', '')
  write('params/lr', '1')
  write('tags/bad', Buffer.from([0xff, 0xfe]))
  write('inputs/x/meta.yaml', '')
  const run = await readRunFolder(folder.path)
  expect(run?.meta).toEqual(meta)
  expect(run?.params).toEqual({ lr: '1' })
  expect(run?.tags).toEqual({})
  expect(Object.entries(run?.metrics ?? {})).toEqual([
    ['__proto__', [{ timestampMs: 1, value: 1, step: 0 }]],
    [
      'val/loss',
      [
        { timestampMs: 1, value: 0.5, step: 0 },
        { timestampMs: 3, value: 0.25, step: 2 },
      ],
    ],
  ])
  expect(run?.torn.map(({ path, why }) => [path.slice(folder.path.length + 1), why])).toEqual([
    ['metrics/empty', 'no line is there'],
    ['metrics/val/loss', '1 of 3 lines are torn'],
    ['tags/bad', 'it is no UTF-8 text'],
    ['inputs/x/meta.yaml', 'the input or its dataset is torn'],
  ])
})

test('has nothing to tell of a run without description', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'run-'))
  expect(await readRunFolder(folder.path)).toBeUndefined()
  writeFileSync(join(folder.path, 'meta.yaml'), 'run_id: x\nexp')
  expect(await readRunFolder(folder.path)).toBeUndefined()
})

test('takes the highest step for the latest, then time, then value', () => {
  const points = [
    { step: 2, timestampMs: 1, value: 5 },
    { step: 2, timestampMs: 3, value: 1 },
    { step: 2, timestampMs: 3, value: 4 },
    { step: 1, timestampMs: 9, value: 9 },
  ]
  expect(latestPoint(points)).toBe(points[2])
  expect(latestPoint([])).toBeUndefined()
})
