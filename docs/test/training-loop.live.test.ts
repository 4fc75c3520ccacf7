import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { init } from '@soen/mlflow-client'
import {
  createTransport,
  getExperimentByName,
  getMetricHistory,
  listArtifacts,
  searchRuns,
} from '@soen/mlflow-client/rest'
import { importTensorBoard } from '@soen/mlflow-client/tensorboard'
import { ensureTensorBoard } from '@soen/testbed'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'

const run = promisify(execFile)
const snippets = fileURLToPath(new URL('../snippets', import.meta.url))
const { trackingUri } = inject('mlflow')
const transport = createTransport({ trackingUri })
let cwd: string
let experiment: string

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'soen-training-loop-'))
  experiment = `guide-${cwd.split('-').at(-1)}`
  await cp(join(snippets, 'training.yaml'), join(cwd, 'training.yaml'))
})
afterEach(() => rm(cwd, { recursive: true }))

async function runSnippet(name: string, path = process.env['PATH']): Promise<void> {
  // The page has the address of the reader's own server; this one is the test's.
  const env = { PATH: path, HOME: cwd, MLFLOW_TRACKING_URI: trackingUri, MLFLOW_EXPERIMENT_NAME: experiment }
  await run(process.execPath, [join(snippets, name)], { cwd, env })
}

async function runs() {
  const found = await getExperimentByName(transport, experiment)
  return await Array.fromAsync(searchRuns(transport, { experimentIds: [found?.experiment_id ?? ''] }))
}

async function steps(runId: string, key: string): Promise<number[]> {
  const points = await Array.fromAsync(getMetricHistory(transport, { runId, key }))
  return points.map(({ step }) => step).toSorted((a, b) => a - b)
}

const tenSteps = Array.from({ length: 10 }, (_, step) => step)

test('the training loop of the guide logs its steps and keeps its best two checkpoints', async () => {
  await runSnippet('training-loop.ts')
  const [logged] = await runs()
  expect(logged?.info).toMatchObject({ status: 'FINISHED' })
  const runId = logged?.info.run_id ?? ''
  expect(await steps(runId, 'val_loss_total')).toEqual(tenSteps)
  const files = await listArtifacts(transport, { runId, path: 'checkpoints' })
  expect(files.map(({ path }) => path)).toEqual(['checkpoints/epoch=8.ckpt', 'checkpoints/epoch=9.ckpt'])
})

test('what it wrote for TensorBoard can be imported, again and again', async () => {
  await runSnippet('training-loop.ts')
  const env = { MLFLOW_TRACKING_URI: trackingUri, MLFLOW_EXPERIMENT_NAME: experiment }
  const client = await init({ config: join(cwd, 'training.yaml'), env })
  await importTensorBoard(join(cwd, 'runs'), client)
  await importTensorBoard(join(cwd, 'runs'), client)
  await client.close()
  const all = await runs()
  // The loop's own run, and the one imported from its folder.
  expect(all).toHaveLength(2)
  for (const { info } of all) expect(await steps(info.run_id, 'val_loss_total')).toEqual(tenSteps)
})

test('a Python program that writes for TensorBoard is followed to its end', async () => {
  const python = await ensureTensorBoard()
  await writeFile(
    join(cwd, 'train.py'),
    [
      'from tensorboard.compat.proto.event_pb2 import Event',
      'from tensorboard.compat.proto.summary_pb2 import Summary',
      'from tensorboard.summary.writer.event_file_writer import EventFileWriter',
      'writer = EventFileWriter("runs")',
      'for step in range(10):',
      '    value = Summary.Value(tag="val_loss/total", simple_value=1 / (step + 1))',
      '    writer.add_event(Event(step=step, summary=Summary(value=[value])))',
      'writer.close()',
    ].join('\n'),
  )
  await runSnippet('follow-tensorboard.ts', `${dirname(python)}:${process.env['PATH']}`)
  const [followed] = await runs()
  expect(followed?.info).toMatchObject({ run_name: 'beside-tensorboard', status: 'FINISHED' })
  expect(await steps(followed?.info.run_id ?? '', 'val_loss_total')).toEqual(tenSteps)
})
