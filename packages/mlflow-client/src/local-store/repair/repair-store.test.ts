import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFileTransport } from '../file-transport.ts'
import { createExperiment } from '../../rest/experiments.ts'
import { createRun } from '../../rest/runs.ts'
import { readRunFolder } from '../read-run.ts'
import { readExperiments } from '../read-store.ts'
import { repairStore } from './repair-store.ts'

let folder: string
let root: string
let experiment: string
let run: string

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'repair-'))
  root = join(folder, 'mlruns')
  const transport = createFileTransport(root)
  const experimentId = await createExperiment(transport, 'exp')
  const { info } = await createRun(transport, {
    experimentId,
    name: 'first',
    startTimeMs: 7,
    tags: [],
    userId: 'ann',
  })
  const metrics = [1, 2].map((step) => ({ key: 'val/loss', value: step, timestamp: step, step }))
  const json = { run_id: info.run_id, metrics, params: [{ key: 'lr', value: '1' }] }
  await transport.json('POST', '/api/2.0/mlflow/runs/log-batch', { json })
  experiment = join(root, experimentId)
  run = join(experiment, info.run_id)
})
afterEach(() => rmSync(folder, { recursive: true }))

const settled = { settledMs: -60_000 }

test('finds nothing in a store that is well', async () => {
  expect(await repairStore(root, settled)).toEqual({ repairs: [], asideFolder: undefined })
})

test('moves aside what MLflow stumbles over, and keeps every byte', async () => {
  const strays: [string, string][] = [
    [join(run, 'metrics', 'empty'), ''],
    [join(run, 'metrics', 'a.tmp'), 'junk'],
    [join(run, 'metrics', 'a@b'), '1 1.0 0\n'],
    [join(run, 'params', 'x~?'), 'y'],
    [join(run, 'tags', 'bin'), Buffer.from([0xff, 0xfe]).toString('latin1')],
    [join(root, '.ipynb_checkpoints', 'x'), 'notebook'],
    [join(run, 'inputs', 'half', 'other'), ''],
    [join(run, '.soen-0f8fad5b-d9cb-469f-a165-70867728950e'), 'half an artifact'],
    [join(root, '.soen-1f8fad5b-d9cb-469f-a165-70867728950e'), 'half a tag'],
  ]
  for (const [path, text] of strays) {
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, text, 'latin1')
  }
  const { repairs, asideFolder = '' } = await repairStore(root, settled)
  expect(repairs.every(({ action, outcome }) => action === 'move-aside' && outcome === 'repaired')).toBe(true)
  expect(repairs).toHaveLength(strays.length)
  for (const [path, text] of strays) {
    expect(readFileSync(join(asideFolder, path.slice(root.length)), 'latin1')).toBe(text)
  }
  expect((await repairStore(root, settled)).repairs).toEqual([])
})

test('keeps the whole lines of a torn metric', async () => {
  const path = join(run, 'metrics/val/loss')
  writeFileSync(path, '1 1.0 1\n1 1.0 1\n2 2.0 2\n3 3')
  const { asideFolder = '' } = await repairStore(root, settled)
  expect(readFileSync(path, 'utf8')).toBe('1 1.0 1\n2 2.0 2\n')
  expect(readFileSync(join(asideFolder, path.slice(root.length)), 'utf8')).toContain('3 3')
})

test.each([
  ['empty', () => '', { status: 'FAILED', startTimeMs: 1, endTimeMs: 2, userId: 'unknown' }],
  [
    'half',
    (text: string) => text.slice(0, text.indexOf('status')),
    { status: 'FAILED', startTimeMs: 7, endTimeMs: 2 },
  ],
  ['without its last line', (text: string) => text.slice(0, text.indexOf('user_id')), { status: 'RUNNING' }],
  ['of another run', (text: string) => text.replaceAll(/run_id: .*/g, 'run_id: "other"'), { userId: 'ann' }],
])('rebuilds the description of a run that is %s', async (_, tear, expected) => {
  const path = join(run, 'meta.yaml')
  const text = readFileSync(path, 'utf8')
  writeFileSync(path, tear(text))
  const { repairs } = await repairStore(root, settled)
  expect(repairs).toMatchObject([{ action: 'rewrite', outcome: 'repaired' }])
  const read = await readRunFolder(run)
  expect(read?.meta).toMatchObject({
    name: 'first',
    lifecycle: 'active',
    runId: run.slice(experiment.length + 1),
    ...expected,
  })
  expect(read?.params).toEqual({ lr: '1' })
})

test('rebuilds the description of an experiment, and the folders of a run', async () => {
  writeFileSync(join(experiment, 'meta.yaml'), 'artifact_location: "file:///x"\nname: "ex')
  rmSync(join(run, 'artifacts'), { recursive: true })
  const { repairs } = await repairStore(root, settled)
  expect(repairs.map(({ action }) => action)).toEqual(['rewrite', 'make-folder'])
  const { experiments, torn } = await readExperiments(root)
  expect(torn).toEqual([])
  expect(experiments.map(({ meta }) => meta.artifactLocation)).toContain('file:///x')
  expect(readdirSync(run)).toContain('artifacts')
})

test('only tells what it would do on a dry run', async () => {
  writeFileSync(join(run, 'metrics/empty'), '')
  const report = await repairStore(root, { ...settled, dryRun: true })
  expect(report).toMatchObject({
    repairs: [{ outcome: 'planned', why: 'an empty metric file' }],
    asideFolder: undefined,
  })
  expect(readdirSync(join(run, 'metrics'))).toContain('empty')
})

test('leaves alone what somebody may be writing this moment', async () => {
  writeFileSync(join(run, 'metrics/empty'), '')
  expect(await repairStore(root)).toMatchObject({ repairs: [{ outcome: 'busy' }], asideFolder: undefined })
  expect(readdirSync(join(run, 'metrics'))).toContain('empty')
})
