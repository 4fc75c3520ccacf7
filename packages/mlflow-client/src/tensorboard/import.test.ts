import { readFileSync, writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFileTransport } from '../local-store/file-transport.ts'
import { getMetricHistory } from '../rest/metrics.ts'
import { getRun } from '../rest/runs.ts'
import { resolveSettings } from '../settings/resolve-settings.ts'
import { startFakeMlflow, type FakeMlflow, type FakeRun } from '../testing/fake-mlflow.ts'
import { testSettings } from '../testing/settings.ts'
import { TfEventWriter } from './event-writer.ts'
import { importTensorBoard } from './import.ts'

let server: FakeMlflow
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>
const importIt = () => importTensorBoard(folder.path, { settings: testSettings(server.url, '/nonexistent') })

beforeEach(async () => {
  server = await startFakeMlflow()
  folder = await mkdtempDisposable(join(tmpdir(), 'import-'))
})
afterEach(async () => {
  await server[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

function onlyRun(): FakeRun {
  expect(server.runs.size).toBe(1)
  const [run] = server.runs.values()
  if (run === undefined) throw new Error('no run')
  return run
}

test('sends points by the thousand with their own steps and times, whatever their values', async () => {
  using events = new TfEventWriter(folder.path)
  const values = [NaN, Infinity, -Infinity, -0, 0.1]
  for (let step = 0; step < 2500; step += 1)
    events.scalars({ 'a/b': values[step] ?? step }, { step, timestampMs: 1000 + step })
  const [imported] = await importIt()
  expect(imported).toMatchObject({ folder: '', runId: 'run0', points: 2500, warnings: [] })
  const { metrics, status, endTime } = onlyRun()
  expect(metrics.map(({ step, timestamp }) => timestamp - step)).toEqual(
    Array.from({ length: 2500 }, () => 1000),
  )
  expect(metrics.slice(0, 5).map(({ value }) => value)).toEqual(['NaN', 'Infinity', '-Infinity', '-0.0', 0.1])
  expect(metrics[0]).toMatchObject({ key: 'a_b' })
  expect([status, endTime]).toEqual(['FINISHED', 3499])
  const sizes = server.requests.flatMap(({ json }) => json.metrics?.length ?? [])
  expect(Math.max(...sizes)).toBe(1000)
})

test('tells two names apart that MLflow would take for one, and keeps the first value of a parameter', async () => {
  using events = new TfEventWriter(folder.path)
  events.hparams({ lr: 1, long: 'x'.repeat(7000) })
  events.hparams({ lr: 2 })
  events.scalars({ 'a/b': 1, a_b: 2 })
  await importIt()
  const { metrics, params, tags } = onlyRun()
  expect(metrics.map(({ key, value }) => [key, value])).toEqual([
    ['a_b', 1],
    ['a_b_2', 2],
  ])
  expect([params.get('lr'), params.get('long')?.length]).toEqual(['1', 6000])
  expect(tags.get('soen.metric_names')).toBe('{"a_b":"a/b","a_b_2":"a_b"}')
})

test('outlives a server that fails now and then, and stores each point once', async () => {
  using events = new TfEventWriter(folder.path)
  for (let step = 0; step < 1500; step += 1) events.scalars({ a: step }, { step })
  server.misbehave = ({ path }, index) => {
    if (path === '/runs/log-batch' && index % 4 === 0) return 'lost'
    return index % 3 === 1 ? 503 : undefined
  }
  await importIt()
  expect(onlyRun().metrics).toHaveLength(1500)
})

test('gives up when the policy does, with the reason', async () => {
  using events = new TfEventWriter(folder.path)
  events.scalars({ a: 1 })
  server.misbehave = () => 503
  await expect(importIt()).rejects.toMatchObject({ code: 'SOEN_SERVER_ERROR', status: 503 })
  expect(server.requests).toHaveLength(8)
  server.misbehave = () => 401
  await expect(importIt()).rejects.toMatchObject({ status: 401 })
  expect(server.requests).toHaveLength(9)
})

test('goes into a local store as well, each point once', async () => {
  using events = new TfEventWriter(folder.path)
  for (let step = 0; step < 3; step += 1) events.scalars({ 'a/b': step }, { step, timestampMs: 1000 + step })
  const path = join(folder.path, 'mlruns')
  const settings = resolveSettings({ call: { trackingUri: `file://${path}` } })
  const [first] = await importTensorBoard(folder.path, { settings })
  const [second] = await importTensorBoard(folder.path, { settings })
  expect(second?.runId).toBe(first?.runId)
  const transport = createFileTransport(path)
  const points = await Array.fromAsync(getMetricHistory(transport, { runId: first?.runId ?? '', key: 'a_b' }))
  expect(points.map(({ step, timestampMs }) => [step, timestampMs])).toEqual([
    [0, 1000],
    [1, 1001],
    [2, 1002],
  ])
  expect((await getRun(transport, first?.runId ?? '')).info.status).toBe('FINISHED')
})

test('says that the experiment was deleted instead of filling it', async () => {
  using events = new TfEventWriter(folder.path)
  events.scalars({ a: 1 })
  const path = join(folder.path, 'mlruns')
  const settings = resolveSettings({ call: { trackingUri: `file://${path}` } })
  const [imported] = await importTensorBoard(folder.path, { settings })
  const meta = join(path, imported?.experimentId ?? '', 'meta.yaml')
  writeFileSync(
    meta,
    readFileSync(meta, 'utf8').replace('lifecycle_stage: "active"', 'lifecycle_stage: "deleted"'),
  )
  await expect(importTensorBoard(folder.path, { settings })).rejects.toMatchObject({
    code: 'SOEN_EXPERIMENT_DELETED',
  })
})
