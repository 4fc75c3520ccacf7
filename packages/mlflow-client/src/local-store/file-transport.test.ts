import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { takeLock, releaseLock } from '../node/lock.ts'
import { deleteArtifact, downloadArtifact, listArtifacts, putArtifact } from '../rest/artifacts.ts'
import {
  createExperiment,
  getExperiment,
  getExperimentByName,
  searchExperiments,
} from '../rest/experiments.ts'
import { getMetricHistory } from '../rest/metrics.ts'
import { logParam, setRunTag } from '../rest/run-data.ts'
import { createRun, deleteRun, getRun, searchRuns, updateRun } from '../rest/runs.ts'
import type { Transport } from '../rest/transport.ts'
import { createFileTransport } from './file-transport.ts'

const clientRunId = '0f8fad5b-d9cb-469f-a165-70867728950e'
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>
let root: string
let transport: Transport

beforeEach(async () => {
  folder = await mkdtempDisposable(join(tmpdir(), 'store-'))
  root = join(folder.path, 'a b', 'mlruns')
  transport = createFileTransport(root)
})
afterEach(() => folder[Symbol.asyncDispose]())

async function newRun(id = clientRunId): Promise<{ runId: string; experimentId: string; folder: string }> {
  const experimentId =
    (await getExperimentByName(transport, 'tests'))?.experiment_id ??
    (await createExperiment(transport, 'tests'))
  const tags = [{ key: 'soen.client_run_id', value: id }]
  const run = await createRun(transport, {
    experimentId,
    name: 'läufer',
    startTimeMs: 5,
    tags,
    userId: 'ann',
  })
  return { runId: run.info.run_id, experimentId, folder: join(root, experimentId, run.info.run_id) }
}

function logBatch(runId: string, batch: object): Promise<unknown> {
  return transport.json('POST', '/api/2.0/mlflow/runs/log-batch', { json: { run_id: runId, ...batch } })
}

function oneMetric(key: string): object {
  return { metrics: [{ key, value: 1, timestamp: 1, step: 0 }] }
}

describe('an experiment', () => {
  test('is created once, however many create it at the same moment', async () => {
    const other = createFileTransport(root)
    const tries = await Promise.allSettled([createExperiment(transport, 'x'), createExperiment(other, 'x')])
    const ids = tries.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
    const found = await getExperimentByName(transport, 'x')
    expect(new Set(ids)).toEqual(new Set([found?.experiment_id]))
    expect(found).toMatchObject({ name: 'x', lifecycle_stage: 'active' })
    expect(found?.experiment_id).toMatch(/^[1-9]\d{17}$/)
  })

  test('that is there is refused as the server refuses it', async () => {
    await createExperiment(transport, 'x')
    await expect(createExperiment(transport, 'x')).rejects.toMatchObject({
      status: 400,
      errorCode: 'RESOURCE_ALREADY_EXISTS',
    })
    expect(await getExperimentByName(transport, 'none')).toBeUndefined()
  })

  test('gets another id when its own belongs to one that was renamed', async () => {
    const first = await createExperiment(transport, 'x')
    const meta = join(root, first, 'meta.yaml')
    writeFileSync(meta, readFileSync(meta, 'utf8').replace('name: "x"', 'name: renamed'))
    const second = await createExperiment(transport, 'x')
    expect(second).not.toBe(first)
    expect((await getExperimentByName(transport, 'renamed'))?.experiment_id).toBe(first)
  })
})

describe('a run', () => {
  test('is described before MLflow finds it by its id, and made whole by who creates it again', async () => {
    const { folder: run } = await newRun()
    rmSync(run, { recursive: true })
    mkdirSync(run)
    // In the place of the first of the folders, as if the writer were killed there.
    writeFileSync(join(run, 'metrics'), '')
    await expect(newRun()).rejects.toThrow('EEXIST')
    expect(readdirSync(run)).toEqual(['meta.yaml', 'metrics', 'tags'])
    rmSync(join(run, 'metrics'))
    await newRun()
    expect(readdirSync(run)).toEqual(['artifacts', 'meta.yaml', 'metrics', 'params', 'tags'])
  })

  test('is created once from the client’s own id', async () => {
    const first = await newRun()
    expect(await newRun()).toEqual(first)
    expect(first.runId).toBe(clientRunId.replaceAll('-', ''))
    const filter = `tags.\`soen.client_run_id\` = '${clientRunId}'`
    const experimentIds = [first.experimentId]
    expect(await Array.fromAsync(searchRuns(transport, { experimentIds, filter, view: 'ALL' }))).toHaveLength(
      1,
    )
  })

  test('reads back as it was logged', async () => {
    const { runId } = await newRun()
    await logBatch(runId, {
      metrics: [
        { key: 'val/loss', value: 'NaN', timestamp: 1, step: 0 },
        { key: 'val/loss', value: 0.5, timestamp: 2, step: 1 },
      ],
      params: [{ key: 'lr', value: '1e-3' }],
      tags: [{ key: 'note', value: 'Ü\n' }],
    })
    await updateRun(transport, { runId, status: 'FINISHED', endTimeMs: 9 })
    const { info, data } = await getRun(transport, runId)
    expect(info).toMatchObject({
      run_name: 'läufer',
      status: 'FINISHED',
      start_time: 5,
      end_time: 9,
      user_id: 'ann',
    })
    expect(data.params).toEqual([{ key: 'lr', value: '1e-3' }])
    expect(data.tags).toContainEqual({ key: 'note', value: 'Ü\n' })
    expect(data.metrics).toEqual([{ key: 'val/loss', value: 0.5, timestamp: 2, step: 1 }])
    const history = await Array.fromAsync(getMetricHistory(transport, { runId, key: 'val/loss' }))
    expect(history).toEqual([
      { value: NaN, step: 0, timestampMs: 1 },
      { value: 0.5, step: 1, timestampMs: 2 },
    ])
  })

  test('keeps its params, and nothing of a batch that would change one', async () => {
    const { runId, folder: runFolder } = await newRun()
    await logBatch(runId, { params: [{ key: 'lr', value: '1' }] })
    await logBatch(runId, { params: [{ key: 'lr', value: '1' }] })
    const change = {
      metrics: [{ key: 'a', value: 1, timestamp: 1, step: 0 }],
      params: [
        { key: 'new', value: '1' },
        { key: 'lr', value: '2' },
      ],
    }
    await expect(logBatch(runId, change)).rejects.toMatchObject({ status: 400, retryable: false })
    expect(readdirSync(join(runFolder, 'params'))).toEqual(['lr'])
    expect(readdirSync(join(runFolder, 'metrics'))).toEqual([])
  })

  test.each(['../../../escape', '/etc/x', 'a/../../b'])(
    'never writes outside by the name %s',
    async (key) => {
      const { runId, experimentId } = await newRun()
      const before = readdirSync(folder.path, { recursive: true })
      await expect(logBatch(runId, { params: [{ key, value: 'x' }] })).rejects.toThrow('params[0]')
      await expect(logBatch(runId, { tags: [{ key, value: 'x' }] })).rejects.toThrow('tags[0]')
      const start = { experimentId, name: 'x', startTimeMs: 1, tags: [{ key, value: 'x' }] }
      await expect(createRun(transport, start)).rejects.toThrow('tags[0]')
      await expect(logBatch(runId, { metrics: [{ key, value: 1, timestamp: 1 }] })).rejects.toThrow(
        'metrics[0]',
      )
      expect(readdirSync(folder.path, { recursive: true })).toEqual(before)
    },
  )

  test('keeps a metric beside one that it begins with, and reads both back', async () => {
    const { runId } = await newRun()
    const keys = ['a', 'a/b', 'c/d', 'c']
    for (const key of keys) await logBatch(runId, oneMetric(key))
    for (const key of keys)
      expect(await Array.fromAsync(getMetricHistory(transport, { runId, key }))).toHaveLength(1)
  })

  test('names the param or tag that stands in another’s way', async () => {
    const { runId } = await newRun()
    for (const kind of ['params', 'tags']) {
      await logBatch(runId, { [kind]: [{ key: 'a', value: '1' }] })
      await expect(logBatch(runId, { [kind]: [{ key: 'a/b', value: '1' }] })).rejects.toMatchObject({
        status: 400,
        message: expect.stringContaining('"a/b"'),
      })
    }
  })

  test('waits while another writes', async () => {
    const { runId, folder: runFolder } = await newRun()
    expect(takeLock(runFolder)).toBe(true)
    let isWritten = false
    const writing = logBatch(runId, { tags: [{ key: 'a', value: '1' }] }).finally(() => {
      isWritten = true
    })
    await new Promise((resolve) => {
      setTimeout(resolve, 50)
    })
    expect(isWritten).toBe(false)
    releaseLock(runFolder)
    await writing
    expect(isWritten).toBe(true)
  })

  test('that is unknown is answered as the server answers', async () => {
    await expect(getRun(transport, 'f'.repeat(32))).rejects.toMatchObject({
      status: 404,
      errorCode: 'RESOURCE_DOES_NOT_EXIST',
    })
  })
})

test('artifacts arrive whole under their own names, and nothing is left beside them', async () => {
  const { runId, experimentId, folder: runFolder } = await newRun()
  const artifactUri = (await getRun(transport, runId)).info.artifact_uri ?? ''
  for (const path of ['a b/50% 模型#1.ckpt', 'empty']) {
    await putArtifact(transport, { artifactUri, path, content: new Blob([path === 'empty' ? '' : path]) })
  }
  const response = await downloadArtifact(transport, { artifactUri, path: 'a b/50% 模型#1.ckpt' })
  expect(await response.text()).toBe('a b/50% 模型#1.ckpt')
  expect(await listArtifacts(transport, { runId })).toEqual([
    { path: 'a b', is_dir: true },
    { path: 'empty', is_dir: false, file_size: 0 },
  ])
  expect(readdirSync(runFolder).sort()).toEqual(['artifacts', 'meta.yaml', 'metrics', 'params', 'tags'])
  expect(existsSync(join(root, experimentId, 'meta.yaml'))).toBe(true)
  await deleteArtifact(transport, { artifactUri, path: 'a b/50% 模型#1.ckpt' })
  await deleteArtifact(transport, { artifactUri, path: 'a b/50% 模型#1.ckpt' })
  expect(await listArtifacts(transport, { runId })).toMatchObject([{ path: 'empty' }])
  await expect(
    putArtifact(transport, { artifactUri, path: '../../x', content: new Blob(['x']) }),
  ).rejects.toThrow('Invalid path')
})

test('experiments are listed, single tags and params are set', async () => {
  const { runId, experimentId } = await newRun()
  const found = await Array.fromAsync(searchExperiments(transport, { view: 'ALL' }))
  expect(found.map(({ name }) => name).toSorted()).toEqual(['Default', 'tests'])
  expect(await getExperiment(transport, experimentId)).toMatchObject({ name: 'tests' })
  expect(await Array.fromAsync(searchExperiments(transport, { view: 'DELETED_ONLY' }))).toEqual([])
  await setRunTag(transport, { runId, key: 'one', value: 'tag' })
  await logParam(transport, { runId, key: 'one', value: 'param' })
  const { data } = await getRun(transport, runId)
  expect(data.tags).toContainEqual({ key: 'one', value: 'tag' })
  expect(data.params).toEqual([{ key: 'one', value: 'param' }])
})

test('a deleted run is found only by who looks for it, and nothing is written to it any more', async () => {
  const { runId, experimentId } = await newRun()
  await deleteRun(transport, runId)
  await deleteRun(transport, runId)
  expect(await Array.fromAsync(searchRuns(transport, { experimentIds: [experimentId] }))).toEqual([])
  const all = await Array.fromAsync(searchRuns(transport, { experimentIds: [experimentId], view: 'ALL' }))
  expect(all.map(({ info }) => [info.run_id, info.lifecycle_stage])).toEqual([[runId, 'deleted']])
  await expect(logBatch(runId, oneMetric('a'))).rejects.toThrow('active')
})

test('says that it is no server for what only a server has', async () => {
  await expect(transport.json('POST', '/api/2.0/mlflow/registered-models/create')).rejects.toMatchObject({
    status: 501,
    errorCode: 'NOT_IMPLEMENTED',
  })
})
