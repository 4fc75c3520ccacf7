import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { syncJournals } from '../delivery/sync-journals.ts'
import { startFakeMlflow, type FakeMlflow, type FakeRun } from '../testing/fake-mlflow.ts'
import { testSettings } from '../testing/settings.ts'
import { Client } from './client.ts'
import type { RunOptions } from './run.ts'

let server: FakeMlflow
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>

beforeEach(async () => {
  server = await startFakeMlflow()
  folder = await mkdtempDisposable(join(tmpdir(), 'names-'))
})
afterEach(async () => {
  await server[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

function aClient(spool: string): Client {
  return new Client(testSettings(server.url, join(folder.path, spool))).on('warn', () => {})
}

/** The values of each metric; each test has one run. */
function curves(run: FakeRun | undefined = server.runs.get('run0')): Record<string, unknown[]> {
  const byKey = Map.groupBy(run?.metrics ?? [], ({ key }) => key)
  return Object.fromEntries(Array.from(byKey, ([key, points]) => [key, points.map(({ value }) => value)]))
}

/** A process that logs some calls, one delivery each, and exits. */
async function processOf(
  spool: string,
  options: RunOptions,
  calls: readonly Record<string, number>[],
): Promise<void> {
  const client = aClient(spool)
  const run = client.startRun(options)
  for (const [step, call] of calls.entries()) {
    run.log(call, { step: step + 100 * server.requests.length })
    await run.flush()
  }
  await client.close()
}

test('a process that logs the same names in another order goes on in the curves of the one before it', async () => {
  const options = { resumeKey: 'job' }
  await processOf('first', options, [{ 'val/loss': 1 }, { val_loss: 2 }])
  await syncJournals({ settings: testSettings(server.url, join(folder.path, 'first')) })
  await processOf('second', options, [{ val_loss: 20 }, { 'val/loss': 10 }])
  expect(curves()).toEqual({ val_loss: [1, 10], val_loss_2: [2, 20] })
})

test('a name that a process has used is not given to another one after a restart', async () => {
  const options = { resumeKey: 'job' }
  await processOf('first', options, [{ val_loss: 1 }])
  await processOf('second', options, [{ 'val/loss': 10 }])
  await processOf('third', options, [{ 'val@loss': 5, 'val/loss': 11, val_loss: 2 }])
  expect(curves()).toEqual({ val_loss: [1, 2], val_loss_2: [10, 11], val_at_loss: [5] })
})

test('names that an offline process and its restart left are agreed on when they are delivered', async () => {
  server.misbehave = () => 'reset'
  for (const [process, calls] of [
    ['first', [{ 'val/loss': 1 }, { val_loss: 2 }]],
    ['second', [{ val_loss: 20 }, { 'val/loss': 10 }]],
  ] as const) {
    const client = aClient('left')
    const run = client.startRun({ resumeKey: 'job', name: process })
    for (const [step, call] of calls.entries()) run.log(call, { step: step + (process === 'first' ? 0 : 10) })
    await client.close({ timeoutMs: 0 })
  }
  server.misbehave = () => undefined
  await syncJournals({ settings: testSettings(server.url, join(folder.path, 'left')) })
  expect(curves()).toEqual({ val_loss: [1, 10], val_loss_2: [2, 20] })
})

describe('ranks that log to one run at the same time', () => {
  test.each([
    ['joined it', false],
    ['made it and joined it', true],
  ])('never share a curve of two names: they %s', async (_, isMaker) => {
    const maker = aClient('maker')
    const made = maker.startRun()
    await made.flush()
    const runId = made.remote?.runId ?? ''
    const clients = ['rank 0', 'rank 1'].map((spool) => aClient(spool))
    const [one, second] = clients.map((client) => client.startRun({ runId }))
    const first = isMaker ? made : one
    if (first === undefined || second === undefined) throw new Error('There are two ranks.')
    const flush = async (): Promise<unknown> => await Promise.all([first, second].map((run) => run.flush()))
    await second.flush()
    first.log({ 'val/loss': 1 }, { step: 1 })
    second.log({ val_loss: 2 }, { step: 1 })
    await flush()
    first.log({ val_loss: 20 }, { step: 2 })
    second.log({ 'val/loss': 10 }, { step: 2 })
    await flush()
    await Promise.all([maker, ...clients].map((client) => client.close()))
    const values = Object.values(curves()).map((curve) => curve.join(', '))
    expect(new Set(values)).toEqual(new Set(['1, 10', '2, 20']))
    const names: unknown = JSON.parse(server.runs.get('run0')?.tags.get('soen.metric_names') ?? '')
    expect(Object.values(names ?? {})).toContain('val/loss')
  })

  test('decide about many names in as many parameters as it takes, and about any of them', async () => {
    const client = aClient('maker')
    const made = client.startRun()
    await made.flush()
    const rank = client.startRun({ runId: made.remote?.runId ?? '' })
    const names = Array.from({ length: 200 }, (_, index) => `a long name of a metric/${index}`)
    rank.log(Object.fromEntries([...names, '__proto__', 'constructor'].map((name) => [name, 1])))
    await rank.end()
    await client.close()
    expect(Object.keys(curves())).toHaveLength(202)
    const claims = [...(server.runs.get('run0')?.params ?? [])].filter(([key]) =>
      key.startsWith('soen.names'),
    )
    expect(claims.length).toBeGreaterThan(1)
    for (const [, value] of claims) expect(value.length).toBeLessThan(6000)
  })
})

test('a run that one process made and used asks for no names', async () => {
  const client = aClient('alone')
  const run = client.startRun({ params: { 'a@b': 1 } })
  run.log({ 'val/loss': 1, loss: 2 })
  await run.end()
  await client.close()
  expect(server.requests.filter(({ path }) => path === '/runs/get')).toEqual([])
  expect(Object.fromEntries(server.runs.get('run0')?.tags ?? [])).toMatchObject({
    'soen.metric_names': '{"val_loss":"val/loss"}',
    'soen.param_names': '{"a_at_b":"a@b"}',
  })
})
