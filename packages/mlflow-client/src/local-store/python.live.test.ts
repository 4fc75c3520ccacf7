import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, inject, test } from 'vitest'
import type { SharedMlflow } from '@soen/testbed'
import { createExperiment } from '../rest/experiments.ts'
import { putArtifact } from '../rest/artifacts.ts'
import { toWireDouble } from '../rest/double.ts'
import { createRun, deleteRun, updateRun } from '../rest/runs.ts'
import { migrateByPython, readByPython } from '../testing/python-store.ts'
import { createFileTransport } from './file-transport.ts'
import { toPythonFloat } from './python-float.ts'
import { readExperiments, readRuns } from './read-store.ts'

const { python }: SharedMlflow = inject('mlflow')
const awkward = 'Läufer 🏃: "quoted" \\ # \u0085\u2028\u007f\ufeff end'
const values = [
  0,
  -0,
  0.1 + 0.2,
  1e-7,
  1e16,
  1e308,
  5e-324,
  -2.2250738585072014e-308,
  NaN,
  Infinity,
  -Infinity,
  3,
]
const steps = [-5, 0, 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]

test('Python reads what was written, value by value, and migrates it whole', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'store é '))
  const root = join(folder.path, 'mlruns')
  const transport = createFileTransport(root)
  const experimentId = await createExperiment(transport, awkward)
  const run = await createRun(transport, {
    experimentId,
    name: awkward,
    startTimeMs: 1_700_000_000_123,
    userId: 'ann',
    tags: [{ key: 'mlflow.note.content', value: '# Überschrift\n\n`code`\n' }],
  })
  const runId = run.info.run_id
  const keys = ['损失', 'a b.c-d:e', 'val/loss', 'Größe', 'val']
  // A file cannot be in the place of the folder of `val/loss`.
  const storedKeys = keys.map((key) => (key === 'val' ? 'val..value' : key))
  const metrics = keys.flatMap((key) =>
    values.flatMap((value, index) =>
      steps.map((step) => ({ key, value: toWireDouble(value), timestamp: 1_700_000_000_000 + index, step })),
    ),
  )
  const params = [
    { key: 'nested/p', value: 'line\nbreak "quoted" 🙂' },
    { key: 'empty', value: '' },
  ]
  // Twice, like a sender that lost the first response.
  for (let attempt = 0; attempt < 2; attempt += 1) {
    await transport.json('POST', '/api/2.0/mlflow/runs/log-batch', {
      json: { run_id: runId, metrics, params },
    })
  }
  const dataset = { name: awkward, digest: 'd1', source_type: 'local', source: '{"uri": "x"}' }
  const tags = [{ key: 'mlflow.data.context', value: 'train' }]
  const inputs = { run_id: runId, datasets: [{ dataset, tags }] }
  await transport.json('POST', '/api/2.0/mlflow/runs/log-inputs', { json: inputs })
  const artifactUri = run.info.artifact_uri ?? ''
  await putArtifact(transport, { artifactUri, path: 'a b/x.txt', content: new Blob(['x']) })
  await updateRun(transport, { runId, status: 'KILLED', endTimeMs: 1_700_000_009_999 })

  const points = values.flatMap((value, index) =>
    steps.map((step): [number, number, string] => [step, 1_700_000_000_000 + index, toPythonFloat(value)]),
  )
  const sorted = points.toSorted((a, b) => a[0] - b[0] || a[1] - b[1])
  const lost = await createRun(transport, { experimentId, name: 'lost', startTimeMs: 1, tags: [] })
  await deleteRun(transport, lost.info.run_id)
  const { [runId]: read, [lost.info.run_id]: deleted } = await readByPython(python, `file://${root}`)
  expect(deleted?.lifecycle).toBe('deleted')
  expect(read).toMatchObject({
    experiment: awkward,
    name: awkward,
    status: 'KILLED',
    lifecycle: 'active',
    times: [1_700_000_000_123, 1_700_000_009_999],
    params: { 'nested/p': 'line\nbreak "quoted" 🙂', empty: '' },
    inputs: [
      { name: awkward, digest: 'd1', source: '{"uri": "x"}', tags: { 'mlflow.data.context': 'train' } },
    ],
  })
  expect(read?.tags).toMatchObject({
    'mlflow.note.content': '# Überschrift\n\n`code`\n',
    'mlflow.runName': awkward,
  })
  expect(read?.metrics).toEqual(Object.fromEntries(storedKeys.map((key) => [key, sorted])))

  const database = join(folder.path, 'migrated.db')
  await migrateByPython(python, root, database)
  const { [runId]: migrated } = await readByPython(python, `sqlite:///${database}`)
  expect({ ...migrated, metrics: {}, latest: {} }).toEqual({ ...read, metrics: {}, latest: {} })
  // Values that SQL has no number for; MLflow does the same to what is logged to a server.
  const inSql: Record<string, string> = {
    inf: '1.7976931348623157e+308',
    '-inf': '-1.7976931348623157e+308',
    '-0.0': '0.0',
  }
  const expected = sorted.map(([step, time, value]) => [step, time, inSql[value] ?? value])
  expect(migrated?.metrics).toEqual(Object.fromEntries(storedKeys.map((key) => [key, expected])))
})

test('reads what Python wrote, value by value', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'store-'))
  const root = join(folder.path, 'mlruns')
  await writeByPython(folder.path)
  const { experiments, torn } = await readExperiments(root)
  expect(torn).toEqual([])
  expect(experiments.map(({ meta }) => meta.name).toSorted()).toEqual(['Default', awkward])
  const mine = experiments.find(({ meta }) => meta.name === awkward)
  const runs = await Array.fromAsync(readRuns(mine ?? { runFolders: [] }))
  expect(runs).toMatchObject([
    {
      meta: { name: `${awkward} ${'long '.repeat(40)}end`, status: 'FAILED', lifecycle: 'active' },
      params: { lr: '0.1' },
      metrics: { 'val/loss': [{ value: NaN }, { value: Infinity }, { value: 1e-7, step: 4 }] },
      datasets: [{ name: 'data', tags: { 'mlflow.data.context': 'train' } }],
      torn: [],
    },
  ])
})

async function writeByPython(folder: string): Promise<void> {
  const script = join(folder, 'write.py')
  writeFileSync(
    script,
    `
import json, sys
from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, InputTag
name = json.loads(sys.argv[1])
client = MlflowClient("file:./mlruns")
run_id = client.create_run(client.create_experiment(name), run_name=name + " " + "long " * 40 + "end").info.run_id
for value in (float("nan"), float("inf"), 1e-7):
    client.log_metric(run_id, "val/loss", value, step=4)
client.log_param(run_id, "lr", 0.1)
client.log_inputs(run_id, [DatasetInput(Dataset("data", "d", "local", "x"), [InputTag("mlflow.data.context", "train")])])
client.set_terminated(run_id, "FAILED")
`,
  )
  await promisify(execFile)(python, [script, JSON.stringify(awkward)], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'] ?? '',
      MLFLOW_ALLOW_FILE_STORE: 'true',
      MLFLOW_DISABLE_TELEMETRY: 'true',
    },
  })
}
