import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Client } from '../run/client.ts'
import { startFakeMlflow, type FakeMlflow } from '../testing/fake-mlflow.ts'
import { testSettings } from '../testing/settings.ts'
import { defineMetrics } from './metric-log.ts'

let server: FakeMlflow
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>
let client: Client
beforeEach(async () => {
  server = await startFakeMlflow()
  folder = await mkdtempDisposable(join(tmpdir(), 'rules-'))
  client = new Client(testSettings(server.url, join(folder.path, 'spool'))).on('warn', () => {})
})
afterEach(async () => {
  await client.close()
  await server[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

const stored = (key: string): [step: number, value: unknown][] =>
  [...server.runs.values()].flatMap(({ metrics }) =>
    metrics.filter((metric) => metric.key === key).map(({ step, value }): [number, unknown] => [step, value]),
  )

test('the values that count go to metrics of their own at each flush, and their steps to a tag', async () => {
  const run = client.startRun()
  const rules = { 'val/loss': 'min', accuracy: 'max', lr: 'last', rate: { goal: 0.5 }, never: 'min' } as const
  const metrics = defineMetrics(run, rules)
  const rates = [0.9, 0.4, 0.45, 0]
  for (const [step, loss] of [3, 1, NaN, 2].entries())
    metrics.log({ 'val/loss': loss, accuracy: loss, lr: loss, rate: rates[step] ?? 0 }, { step })
  await run.flush()
  metrics.log({ 'val/loss': 0.5 }, { step: 2 })
  expect(metrics.best('val/loss')).toEqual({ value: 0.5, step: 2 })
  expect(metrics.best('never')).toBeUndefined()
  await run.flush()
  expect(await run.end()).toMatchObject({ dropped: 0 })
  expect(stored('val_loss.min').map(([, value]) => value)).toEqual([1, 0.5])
  expect(stored('accuracy.max').at(-1)?.[1]).toBe(3)
  expect(stored('lr.last').at(-1)?.[1]).toBe(2)
  expect(stored('rate.goal').at(-1)?.[1]).toBe(0.45)
  const [kept] = server.runs.values()
  expect(JSON.parse(kept?.tags.get('soen.best') ?? '')).toEqual({
    'val/loss.min': { value: 0.5, step: 2 },
    'accuracy.max': { value: 3, step: 0 },
    'lr.last': { value: 2, step: 3 },
    'rate.goal': { value: 0.45, step: 2 },
  })
})

test('each metric counts its own steps, or goes on from one that is given', async () => {
  const run = client.startRun()
  const earlier = { 'val/loss.min': { value: 0.1, step: 4 } }
  const metrics = defineMetrics(run, { 'val/loss': 'min' }, { automaticSteps: true, earlier })
  metrics.log({ 'val/loss': 0.3, fresh: 1 })
  metrics.log({ 'val/loss': 0.2 })
  metrics.log({ fresh: 2 }, { step: 5 })
  metrics.log({ 'val/loss': 0.4, fresh: 3 })
  metrics.log({ fresh: 'no' as never })
  expect(metrics.best('val/loss')).toEqual({ value: 0.1, step: 4 })
  expect(await run.end()).toMatchObject({ dropped: 1 })
  expect(stored('val_loss')).toEqual([
    [0, 0.3],
    [1, 0.2],
    [2, 0.4],
  ])
  expect(stored('fresh')).toEqual([
    [0, 1],
    [5, 2],
    [6, 3],
  ])
  expect(stored('val_loss.min')).toEqual([])
})

test('whatever is handed over costs itself', async () => {
  const run = client.startRun()
  const metrics = defineMetrics(run, { a: 'min' })
  for (const bad of [null, undefined, 7, Symbol.iterator]) metrics.log(bad as never)
  metrics.log({ a: 1 }, null as never)
  metrics.log({ a: 2 }, { step: 1 })
  await run.end()
  expect(stored('a')).toContainEqual([1, 2])
})
