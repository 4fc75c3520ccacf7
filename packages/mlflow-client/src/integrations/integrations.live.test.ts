import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { downloadArtifact, listArtifacts } from '../rest/artifacts.ts'
import { getMetricHistory } from '../rest/metrics.ts'
import { getRun } from '../rest/runs.ts'
import { createTransport } from '../rest/transport.ts'
import { Client } from '../run/client.ts'
import type { Run } from '../run/run.ts'
import { TfEventReader } from '../tensorboard/event-reader.ts'
import { findEventFiles } from '../tensorboard/log-folder.ts'
import { testSettings } from '../testing/settings.ts'
import { SOENModelCheckpoint } from './model-checkpoint.ts'
import { SafeMLFlowLogger } from './safe-mlflow-logger.ts'

const { trackingUri } = inject('mlflow')
const transport = createTransport({ trackingUri })
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>
let dir: string
let client: Client

beforeEach(async () => {
  folder = await mkdtempDisposable(join(tmpdir(), 'integrations-'))
  dir = join(folder.path, 'checkpoints')
  await mkdir(dir)
  client = new Client(
    testSettings(trackingUri, join(folder.path, 'spool'), { experiment: 'integrations live' }),
  )
})
afterEach(async () => {
  await client.close()
  await folder[Symbol.asyncDispose]()
})

async function save(name: string, content = name): Promise<string> {
  await writeFile(join(dir, name), content)
  return join(dir, name)
}

async function stored(run: Run | undefined, path = 'checkpoints'): Promise<string[]> {
  const files = await listArtifacts(transport, { runId: run?.remote?.runId ?? '', path })
  return files.map((file) => file.path).toSorted()
}

test('a training loop logs to MLflow and TensorBoard, and keeps its best two checkpoints', async () => {
  const logdir = join(folder.path, 'tb')
  const logger = new SafeMLFlowLogger({ client, name: 'loop', tensorboard: logdir })
  const checkpoint = new SOENModelCheckpoint({ logger, dir, monitor: 'val_loss/total', topK: 2 })
  logger.logHyperparams({ lr: 0.1, model: { depth: 4 } })
  for (const [epoch, loss] of [0.5, 0.3, 0.4, 0.9, 0.2].entries()) {
    const metrics = { 'val_loss/total': loss, val_loss_total: -loss }
    logger.logMetrics(metrics, epoch)
    const path = await save(`epoch=${epoch}.ckpt`)
    await save(`epoch=${epoch}.soen`)
    checkpoint.onSaved(path, metrics)
  }
  await checkpoint.close()
  expect(await stored(logger.run)).toEqual(
    [1, 4].flatMap((epoch) => [`checkpoints/epoch=${epoch}.ckpt`, `checkpoints/epoch=${epoch}.soen`]),
  )
  expect(await logger.finalize()).toMatchObject({ spooled: 0, dropped: 0, warnings: [] })

  const runId = logger.run?.remote?.runId ?? ''
  const { info, data } = await getRun(transport, runId)
  expect(info).toMatchObject({ run_name: 'loop', status: 'FINISHED' })
  expect(data.params).toContainEqual({ key: 'model.depth', value: '4' })
  expect(data.tags).toContainEqual({ key: 'soen.best_checkpoint', value: 'checkpoints/epoch=4.ckpt' })
  const names = '{"val_loss_total":"val_loss/total","val_loss_total_2":"val_loss_total"}'
  expect(data.tags).toContainEqual({ key: 'soen.metric_names', value: names })
  const points = await Array.fromAsync(getMetricHistory(transport, { runId, key: 'val_loss_total' }))
  expect(points.map(({ value }) => value)).toEqual([0.5, 0.3, 0.4, 0.9, 0.2])
  const [path = ''] = await findEventFiles(logdir)
  expect(await new TfEventReader(path).read()).toHaveLength(1 + 1 + 5)
})

test('a training that goes on after a restart removes what it kept before', async () => {
  const run = client.startRun()
  const first = new SOENModelCheckpoint({ run, client, dir, monitor: 'loss' })
  first.onSaved(await save('a.ckpt'), { loss: 1 })
  await first.close()
  expect(await stored(run)).toEqual(['checkpoints/a.ckpt'])

  const second = new SOENModelCheckpoint({ run, client, dir, monitor: 'loss' })
  second.onSaved(await save('worse.ckpt'), { loss: 2 })
  second.onSaved(await save('better.ckpt'), { loss: 0.5 })
  await second.close()
  expect(await stored(run)).toEqual(['checkpoints/better.ckpt'])
  await run.end()
})

test('a checkpoint that is saved again under its name is replaced, byte by byte', async () => {
  const run = client.startRun()
  const checkpoint = new SOENModelCheckpoint({ run, client, dir })
  for (const content of ['first', 'second and longer']) {
    checkpoint.onSaved(await save('last one.ckpt', content))
    await checkpoint.close()
  }
  const artifactUri = run.remote?.artifactUri ?? ''
  const answer = await downloadArtifact(transport, { artifactUri, path: 'checkpoints/last one.ckpt' })
  expect(await answer.text()).toBe('second and longer')
  await run.end()
})

test('a folder that another program writes is watched', async () => {
  const run = client.startRun()
  const checkpoint = new SOENModelCheckpoint({ run, client, dir, monitor: 'acc', mode: 'max' })
  const watcher = checkpoint.watch({ pollMs: 20 })
  await save('epoch=0-acc=0.5.ckpt')
  await save('epoch=1-acc=0.7.ckpt')
  await save('epoch=1-acc=0.7.soen')
  await watcher.stop()
  await checkpoint.close()
  expect(await stored(run)).toEqual(['checkpoints/epoch=1-acc=0.7.ckpt', 'checkpoints/epoch=1-acc=0.7.soen'])
  await run.end()
})

test('a beaten checkpoint is removed, and nothing whose name begins the same', async () => {
  const run = client.startRun()
  run.text('other', 'checkpoints/a.ckpt.txt')
  const checkpoint = new SOENModelCheckpoint({ run, client, dir, monitor: 'loss' })
  checkpoint.onSaved(await save('a.ckpt'), { loss: 1 })
  checkpoint.onSaved(await save('50% b.ckpt'), { loss: 0.5 })
  await checkpoint.close()
  checkpoint.onSaved(await save('c.ckpt'), { loss: 0.1 })
  await checkpoint.close()
  expect(await stored(run)).toEqual(['checkpoints/a.ckpt.txt', 'checkpoints/c.ckpt'])
  await run.end()
})
