import { randomBytes, randomUUID } from 'node:crypto'
import { beforeAll, expect, inject, test } from 'vitest'
import { deleteArtifact, downloadArtifact, listArtifacts, putArtifact, walkArtifacts } from './artifacts.ts'
import { createExperiment } from './experiments.ts'
import { logInputs, logOutputs, searchDatasets } from './inputs.ts'
import { logBatch } from './log-batch.ts'
import { createLoggedModel } from './logged-models.ts'
import { getMetricHistory, getMetricHistoryBulk, getMetricHistorySampled } from './metrics.ts'
import { deleteRunTag, logParam, setRunTag } from './run-data.ts'
import { createRun, deleteRun, getRun, restoreRun, searchRuns, updateRun } from './runs.ts'
import { createTransport } from './transport.ts'
import type { WireRun } from './wire.ts'

const transport = createTransport({ trackingUri: inject('mlflow').trackingUri })
let experimentId: string

beforeAll(async () => {
  experimentId = await createExperiment(transport, `runs ${randomUUID()}`)
})

async function newRun(name: string, startTimeMs = 1): Promise<WireRun> {
  return await createRun(transport, {
    experimentId,
    name,
    startTimeMs,
    tags: [{ key: 'group', value: name }],
  })
}

test('a run is renamed, ended, deleted and restored', async () => {
  const { info } = await newRun('first')
  const runId = info.run_id
  await updateRun(transport, { runId, name: 'second' })
  await updateRun(transport, { runId, status: 'FAILED', endTimeMs: 9 })
  expect((await getRun(transport, runId)).info).toMatchObject({
    run_name: 'second',
    status: 'FAILED',
    end_time: 9,
  })
  await deleteRun(transport, runId)
  expect((await getRun(transport, runId)).info.lifecycle_stage).toBe('deleted')
  await expect(setRunTag(transport, { runId, key: 'a', value: 'b' })).rejects.toMatchObject({ status: 400 })
  await restoreRun(transport, runId)
  expect((await getRun(transport, runId)).info.lifecycle_stage).toBe('active')
})

test('a search filters, orders and goes through all pages', async () => {
  for (const start of [3, 1, 2]) await newRun('paged', start)
  const search = {
    experimentIds: [experimentId],
    filter: "tags.group = 'paged'",
    orderBy: ['attributes.start_time ASC'],
    pageSize: 2,
  }
  const found = await Array.fromAsync(searchRuns(transport, search))
  expect(found.map(({ info }) => info.start_time)).toEqual([1, 2, 3])
})

test('params, tags and points are logged and read back', async () => {
  const runId = (await newRun('data')).info.run_id
  await logBatch(transport, {
    runId,
    metrics: [
      { key: 'm', value: NaN, step: 0, timestampMs: 1 },
      // A fractional step would make MLflow silently drop everything after it.
      { key: 'm', value: 0.5, step: 1.9, timestampMs: 2.5 },
      { key: 'm', value: 0.25, step: 2, timestampMs: 3 },
    ],
    params: [{ key: 'p', value: '1' }],
    tags: [{ key: 't', value: 'x' }],
  })
  await logParam(transport, { runId, key: 'q', value: '2' })
  await setRunTag(transport, { runId, key: 'u', value: 'y' })
  await deleteRunTag(transport, { runId, key: 't' })
  const { data } = await getRun(transport, runId)
  expect(data.params).toEqual([
    { key: 'p', value: '1' },
    { key: 'q', value: '2' },
  ])
  const keys = data.tags?.map(({ key }) => key)
  expect(keys).toContain('u')
  expect(keys).not.toContain('t')
  expect(await Array.fromAsync(getMetricHistory(transport, { runId, key: 'm', pageSize: 2 }))).toEqual([
    { value: NaN, step: 0, timestampMs: 1 },
    { value: 0.5, step: 1, timestampMs: 2 },
    { value: 0.25, step: 2, timestampMs: 3 },
  ])
})

test('one metric of several runs comes in one answer, whole or thinned out', async () => {
  const ids = [(await newRun('bulk')).info.run_id, (await newRun('bulk')).info.run_id]
  for (const runId of ids) {
    const metrics = Array.from({ length: 1000 }, (_, step) => ({
      key: 'm',
      value: step,
      step,
      timestampMs: step,
    }))
    await logBatch(transport, { runId, metrics })
  }
  const whole = await getMetricHistoryBulk(transport, { runIds: ids, key: 'm' })
  expect(whole).toHaveLength(2000)
  expect(new Set(whole.map(({ runId }) => runId))).toEqual(new Set(ids))
  const some = await getMetricHistorySampled(transport, { runIds: ids, key: 'm', pointsPerRun: 50 })
  expect(some.length).toBeLessThan(150)
  expect(some.every(({ value, step }) => value === step)).toBe(true)
  expect(some).toContainEqual(expect.objectContaining({ step: 999 }))
  const range = { firstStep: 10, lastStep: 19 }
  const part = await getMetricHistorySampled(transport, { runIds: ids.slice(0, 1), key: 'm', ...range })
  expect(part.map(({ step }) => step)).toEqual(Array.from({ length: 10 }, (_, index) => index + 10))
})

test('inputs are noted once however often they are sent, outputs are sent once', async () => {
  const runId = (await newRun('inputs')).info.run_id
  const { info } = await createLoggedModel(transport, { experimentId, name: 'm' })
  const dataset = { name: 'data', digest: 'd1', source_type: 'local', source: '{"uri": "x"}' }
  const tags = [{ key: 'mlflow.data.context', value: 'train' }]
  for (let attempt = 0; attempt < 2; attempt += 1) {
    await logInputs(transport, { runId, datasets: [{ dataset, tags }], modelIds: [info.model_id] })
  }
  const models = [{ modelId: info.model_id, step: 3 }]
  await logOutputs(transport, { runId, models })
  await expect(logOutputs(transport, { runId, models })).rejects.toMatchObject({ status: 400 })
  const { inputs, outputs } = await getRun(transport, runId)
  expect(inputs).toMatchObject({
    dataset_inputs: [{ dataset, tags }],
    model_inputs: [{ model_id: info.model_id }],
  })
  expect(outputs?.model_outputs).toHaveLength(1)
  expect(outputs?.model_outputs?.[0]).toMatchObject({ model_id: info.model_id, step: 3 })
  expect(await searchDatasets(transport, [experimentId])).toEqual([
    { experiment_id: experimentId, name: 'data', digest: 'd1', context: 'train' },
  ])
})

test('artifacts are stored, listed, walked, streamed and removed', async () => {
  const { info } = await newRun('artifacts')
  const artifactUri = info.artifact_uri ?? ''
  const bytes = randomBytes(2_000_000)
  await putArtifact(transport, { artifactUri, path: 'a b/deep/50% 模型.bin', content: new Blob([bytes]) })
  await putArtifact(transport, { artifactUri, path: 'top.txt', content: new Blob(['x']) })
  const listed = await listArtifacts(transport, { runId: info.run_id })
  expect(listed.map(({ path, is_dir }) => [path, is_dir])).toEqual([
    ['a b', true],
    ['top.txt', false],
  ])
  const walked = await Array.fromAsync(walkArtifacts(transport, { runId: info.run_id }))
  expect(walked.map(({ path }) => path)).toEqual(['a b/deep/50% 模型.bin', 'top.txt'])

  const response = await downloadArtifact(transport, { artifactUri, path: 'a b/deep/50% 模型.bin' })
  const chunks = await Array.fromAsync(response.body ?? [])
  expect(chunks.length).toBeGreaterThan(1)
  expect(Buffer.concat(chunks).equals(bytes)).toBe(true)

  await deleteArtifact(transport, { artifactUri, path: 'top.txt' })
  await deleteArtifact(transport, { artifactUri, path: 'top.txt' })
  expect(await listArtifacts(transport, { runId: info.run_id })).toHaveLength(1)
})
