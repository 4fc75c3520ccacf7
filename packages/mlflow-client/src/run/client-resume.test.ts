import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { syncJournals } from '../delivery/sync-journals.ts'
import { startFakeMlflow, type FakeMlflow } from '../testing/fake-mlflow.ts'
import { testSettings } from '../testing/settings.ts'
import { Client, init } from './client.ts'
import type { RunOptions } from './run.ts'

let server: FakeMlflow
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>
let client: Client

beforeEach(async () => {
  server = await startFakeMlflow()
  folder = await mkdtempDisposable(join(tmpdir(), 'resume-'))
  client = aClient('mine')
})
afterEach(async () => {
  await client.close({ timeoutMs: 100 })
  await server[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

function aClient(spool: string): Client {
  return new Client(testSettings(server.url, join(folder.path, spool))).on('warn', () => {})
}

/** A job that logs some steps and is stopped before it can end its run. */
async function interrupted(
  from: number,
  to: number,
  options: RunOptions = { resumeKey: 'job' },
): Promise<void> {
  const spool = `steps ${from}`
  const job = aClient(spool)
  const run = job.startRun(options)
  for (let step = from; step < to; step += 1) run.log({ a: step }, { step })
  await run.flush()
  await job.close()
  await syncJournals({ settings: testSettings(server.url, join(folder.path, spool)) })
}

function stepsOf(run: string): number[] {
  return server.runs.get(run)?.metrics.map(({ step }) => step) ?? []
}

test('a restarted job goes on in its run, counts the restart, and doubles no step', async () => {
  await interrupted(0, 10)
  expect(server.runs.get('run0')?.status).toBe('KILLED')
  const run = client.startRun({ resumeKey: 'job' })
  for (let step = 6; step < 15; step += 1) run.log({ a: step, new: step }, { step })
  await run.flush()
  expect(server.runs.get('run0')?.status).toBe('RUNNING')
  const receipt = await run.end()
  expect(server.runs.size).toBe(1)
  const of = (key: string) =>
    server.runs
      .get('run0')
      ?.metrics.filter((metric) => metric.key === key)
      .map(({ step }) => step)
  expect(of('a')).toEqual(Array.from({ length: 15 }, (_, step) => step))
  expect(of('new')).toEqual([6, 7, 8, 9, 10, 11, 12, 13, 14])
  expect(server.runs.get('run0')?.tags.get('soen.restarts')).toBe('1')
  expect(server.runs.get('run0')?.status).toBe('FINISHED')
  expect(receipt).toMatchObject({ accepted: 18, delivered: 14, skipped: 4, spooled: 0, dropped: 0 })
})

test('values without a step are all logged after a restart, and none is counted as skipped', async () => {
  await interrupted(0, 3)
  const run = client.startRun({ resumeKey: 'job' })
  for (const value of [10, 11, 12]) run.log({ a: value })
  expect(await run.end()).toMatchObject({ accepted: 3, delivered: 3, skipped: 0 })
  expect(server.runs.get('run0')?.metrics.map(({ value }) => value)).toEqual([0, 1, 2, 10, 11, 12])
})

test('a step that never arrived is delivered after a restart, though later ones did', async () => {
  await interrupted(0, 3)
  await interrupted(5, 8)
  const run = client.startRun({ resumeKey: 'job' })
  for (let step = 2; step < 9; step += 1) run.log({ a: step }, { step })
  expect(await run.end()).toMatchObject({ delivered: 3, skipped: 4 })
  expect(stepsOf('run0')).toEqual([0, 1, 2, 5, 6, 7, 3, 4, 8])
})

test('a step that a restarted job logs twice itself arrives twice, also when it is killed in between', async () => {
  await interrupted(0, 3)
  await interrupted(5, 8)
  const job = aClient('killed between')
  const run = job.startRun({ resumeKey: 'job' })
  run.log({ a: 10 }, { step: 4 })
  await run.flush()
  server.misbehave = () => 503
  run.log({ a: 11 }, { step: 4 })
  await job.close({ timeoutMs: 0 })
  server.misbehave = () => undefined
  await syncJournals({ settings: testSettings(server.url, join(folder.path, 'killed between')) })
  expect(server.runs.get('run0')?.metrics.flatMap(({ step, value }) => (step === 4 ? [value] : []))).toEqual([
    10, 11,
  ])
})

test('the system metrics of a restarted job go on after those of the process before it', async () => {
  for (const wanted of [2, 4]) {
    const env = {
      MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING: 'true',
      MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL: '0.005',
      MLFLOW_TRACKING_URI: server.url,
      SOEN_SPOOL_DIR: join(folder.path, 'watched'),
    }
    const job = await init({ env })
    const run = job.startRun({ resumeKey: 'job' })
    while (diskSteps().length < wanted) await run.flush()
    expect(await run.end()).toMatchObject({ skipped: 0 })
    await job.close()
  }
  expect(server.runs.size).toBe(1)
  expect(diskSteps()).toEqual(diskSteps().map((_, index) => index))
})

function diskSteps(): number[] {
  const metrics = server.runs.get('run0')?.metrics ?? []
  return metrics.flatMap(({ key, step }) => (key === 'system/disk_usage_megabytes' ? [step] : []))
}

test('overlapping steps are kept when that is asked for', async () => {
  await interrupted(0, 10)
  const run = client.startRun({ resumeKey: 'job', overlap: 'keep' })
  run.log({ a: 0.5 }, { step: 9 })
  await run.end()
  expect(stepsOf('run0')).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9])
})

test('another key, or none, is another run', async () => {
  await interrupted(0, 3)
  await client.startRun({ resumeKey: 'other' }).end()
  await client.startRun().end()
  await client.startRun({ resumeKey: true, member: 'ann', seed: 1 }).end()
  await client.startRun({ resumeKey: true, member: 'ann', seed: 1 }).end()
  expect([...server.runs.values()].map(({ tags }) => tags.get('soen.resume_key'))).toEqual([
    'job',
    'other',
    undefined,
    'member=ann/seed=1',
  ])
})

test('lost answers make neither a second run nor a second restart', async () => {
  await interrupted(0, 3)
  const lost = new Set(['/runs/log-batch', '/runs/update', '/runs/search'])
  server.misbehave = ({ path }) => (lost.delete(path) ? 'lost' : undefined)
  const run = client.startRun({ resumeKey: 'job' })
  run.log({ a: 3 }, { step: 3 })
  await run.end()
  expect(server.runs.size).toBe(1)
  expect(server.runs.get('run0')?.tags.get('soen.restarts')).toBe('1')
  expect(stepsOf('run0')).toEqual([0, 1, 2, 3])
})

test('what a former process left arrives while the new one runs, and does not end it', async () => {
  const spool = join(folder.path, 'left')
  const former = aClient('left')
  const first = former.startRun({ resumeKey: 'job' })
  first.log({ a: 0 }, { step: 0 })
  await first.flush()
  server.misbehave = () => 503
  first.log({ a: 1 }, { step: 1 })
  await first.end({ status: 'FAILED', timeoutMs: 20 })
  await former.close({ timeoutMs: 0 })
  server.misbehave = () => undefined

  const run = client.startRun({ resumeKey: 'job' })
  run.log({ a: 2 }, { step: 2 })
  await run.flush()
  expect(await syncJournals({ settings: testSettings(server.url, spool) })).toMatchObject([
    { outcome: 'delivered' },
  ])
  expect(new Set(stepsOf('run0'))).toEqual(new Set([0, 1, 2]))
  expect(server.runs.get('run0')?.status).toBe('RUNNING')
  await run.end()
  expect(server.runs.get('run0')?.status).toBe('FINISHED')
})

/** A job without a server; the process that reaches step 400 ends its run. */
async function offline(from: number, to: number): Promise<void> {
  const job = aClient('offline')
  const run = job.startRun({ resumeKey: 'job' })
  for (let step = from; step < to; step += 1) run.log({ a: step }, { step })
  if (to === 400) await run.end({ timeoutMs: 10 })
  await job.close({ timeoutMs: 10 })
}

test('a job that was killed, restarted and ended while the server was away is delivered as if it had been there', async () => {
  server.misbehave = () => 503
  await offline(0, 250)
  // The two begin in different milliseconds, as real processes do.
  for (const began = Date.now(); Date.now() === began;) await new Promise(setImmediate)
  await offline(200, 400)
  server.misbehave = () => undefined
  const synced = await syncJournals({ settings: testSettings(server.url, join(folder.path, 'offline')) })
  expect(synced.map(({ outcome }) => outcome)).toEqual(['delivered', 'delivered'])
  expect(server.runs.size).toBe(1)
  expect(stepsOf('run0')).toEqual(Array.from({ length: 400 }, (_, step) => step))
  expect(server.runs.get('run0')).toMatchObject({ status: 'FINISHED' })
  expect(server.runs.get('run0')?.tags.get('soen.restarts')).toBe('1')
})

test('MLFLOW_RUN_ID is joined by the first run, and by no other', async () => {
  await interrupted(0, 1)
  const env = {
    MLFLOW_RUN_ID: 'run0',
    MLFLOW_TRACKING_URI: server.url,
    SOEN_SPOOL_DIR: join(folder.path, 'joined'),
  }
  const joining = await init({ env })
  const first = joining.startRun({ tags: { rank: '1' } })
  const second = joining.startRun()
  first.log({ a: 5 }, { step: 5 })
  await first.flush()
  expect(server.runs.get('run0')).toMatchObject({ status: 'RUNNING' })
  await Promise.all([first.end(), second.end()])
  await joining.close()
  expect(stepsOf('run0')).toEqual([0, 5])
  expect(server.runs.get('run0')?.tags.get('rank')).toBe('1')
  expect([first.remote?.runId, second.remote?.runId]).toEqual(['run0', 'run1'])
})

test('two processes write to one run at once, and nothing is mixed up', async () => {
  await interrupted(0, 1)
  const other = aClient('other rank')
  const ranks = [client.startRun({ runId: 'run0' }), other.startRun({ runId: 'run0' })]
  for (let step = 1; step <= 2000; step += 1)
    for (const [rank, run] of ranks.entries()) run.log({ [`rank${rank}`]: step }, { step })
  await Promise.all(ranks.map((run) => run.end()))
  await other.close()
  for (const rank of ['rank0', 'rank1']) {
    const steps = server.runs.get('run0')?.metrics.flatMap(({ key, step }) => (key === rank ? [step] : []))
    expect(steps).toEqual(Array.from({ length: 2000 }, (_, index) => index + 1))
  }
})

test('a run with nothing to resume it by says so, and is a run of its own', async () => {
  const codes: string[] = []
  const settings = testSettings(server.url, join(folder.path, 'nobody'), { identity: {} })
  const nobody = new Client(settings).on('warn', ({ code }) => codes.push(code))
  await nobody.startRun({ resumeKey: true }).end()
  await nobody.startRun({ resumeKey: true }).end()
  await nobody.close()
  expect(server.runs.size).toBe(2)
  expect(codes).toEqual(['SOEN_ITEM_REFUSED', 'SOEN_ITEM_REFUSED'])
})

test.each(['killed', 'ended'])(
  'what an older process left (%s) and comes after a newer one has finished is there once, and undoes no end',
  async (how) => {
    server.misbehave = () => 'reset'
    const older = aClient('older')
    const first = older.startRun({ resumeKey: 'job' })
    for (let step = 0; step < 10; step += 1) first.log({ a: step }, { step })
    if (how === 'ended') await first.end({ status: 'FAILED', timeoutMs: 0 })
    await older.close({ timeoutMs: 0 })
    server.misbehave = () => undefined
    const second = client.startRun({ resumeKey: 'job' })
    for (let step = 5; step < 15; step += 1) second.log({ a: step }, { step })
    await second.end()
    const { endTime } = server.runs.get('run0') ?? {}

    const settings = testSettings(server.url, join(folder.path, 'older'))
    expect(await syncJournals({ settings })).toMatchObject([{ outcome: 'delivered' }])
    expect(server.runs.size).toBe(1)
    expect(server.runs.get('run0')).toMatchObject({ status: 'FINISHED', endTime })
    expect(stepsOf('run0').toSorted((one, other) => one - other)).toEqual(
      Array.from({ length: 15 }, (_, step) => step),
    )
  },
)
