import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SharedMlflow } from '@soen/testbed'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { tagOf } from '../delivery/run-tags.ts'
import { syncJournals } from '../delivery/sync-journals.ts'
import { getMetricHistory } from '../rest/metrics.ts'
import { getRun } from '../rest/runs.ts'
import { createTransport } from '../rest/transport.ts'
import { testSettings } from '../testing/settings.ts'
import { Client } from './client.ts'
import type { Run, RunOptions } from './run.ts'

const { trackingUri }: SharedMlflow = inject('mlflow')
const transport = createTransport({ trackingUri })

let folder: Awaited<ReturnType<typeof mkdtempDisposable>>
let client: Client

beforeAll(async () => {
  folder = await mkdtempDisposable(join(tmpdir(), 'resume-'))
  client = new Client(settingsIn('mine'))
})
afterAll(async () => {
  await client.close()
  await folder[Symbol.asyncDispose]()
})

function settingsIn(spool: string): ReturnType<typeof testSettings> {
  return testSettings(trackingUri, join(folder.path, spool), { experiment: 'resumed' })
}

function runIdOf(run: Run): string {
  if (run.remote === undefined) throw new Error('The run is not on the server.')
  return run.remote.runId
}

async function stepsOf(run: Run, key: string): Promise<number[]> {
  return (await Array.fromAsync(getMetricHistory(transport, { runId: runIdOf(run), key }))).map(
    ({ step }) => step,
  )
}

/** A job that logs some steps and dies. */
async function interrupted(options: RunOptions, steps: number): Promise<Run> {
  const job = new Client(settingsIn('died'))
  const run = job.startRun(options)
  for (let step = 0; step < steps; step += 1) run.log({ 'val loss': step, 'system/x': 1 }, { step })
  await run.flush()
  await job.close()
  await syncJournals({ settings: settingsIn('died') })
  return run
}

test('a restarted job is the same run: RUNNING again, restarts counted, no step twice', async () => {
  const options = {
    resumeKey: true,
    project: 'it\'s 100 % "ours"',
    member: 'ann',
    repeat: 2,
    seed: 7,
  } as const
  const first = await interrupted(options, 100)
  expect((await getRun(transport, runIdOf(first))).info.status).toBe('KILLED')
  for (const restart of [1, 2]) {
    const run = client.startRun(options)
    for (let step = 50; step < 100 + 20 * restart; step += 1) run.log({ 'val loss': step }, { step })
    await run.flush()
    expect(runIdOf(run)).toBe(runIdOf(first))
    const { info, data } = await getRun(transport, runIdOf(first))
    expect([info.status, tagOf({ info, data }, 'soen.restarts')]).toEqual(['RUNNING', String(restart)])
    await run.end()
  }
  expect(await stepsOf(first, 'val loss')).toEqual(Array.from({ length: 140 }, (_, step) => step))
  expect((await getRun(transport, runIdOf(first))).info.status).toBe('FINISHED')
})

test('children and datasets are what MLflow’s own page shows as such', async () => {
  const parent = client.startRun({ name: 'cross-validation' })
  const child = parent.child({ name: 'fold 1' })
  parent.input({ name: 'mnist', source: '/data/mnist', profile: { rows: 70_000 } }, { context: 'training' })
  await Promise.all([child.end(), parent.end()])
  const run = await getRun(transport, runIdOf(child))
  expect(tagOf(run, 'mlflow.parentRunId')).toBe(runIdOf(parent))
  const inputs = await transport.json<{ run: { inputs: object } }>('GET', '/api/2.0/mlflow/runs/get', {
    query: { run_id: runIdOf(parent) },
  })
  expect(inputs.run.inputs).toMatchObject({
    dataset_inputs: [
      {
        tags: [{ key: 'mlflow.data.context', value: 'training' }],
        dataset: {
          name: 'mnist',
          source_type: 'local',
          source: '{"uri":"/data/mnist"}',
          profile: '{"rows":70000}',
        },
      },
    ],
  })
})

test('a run that another program began is joined and goes on', async () => {
  const begun = await interrupted({}, 3)
  const run = client.startRun({ runId: runIdOf(begun) })
  run.log({ 'val loss': 3 }, { step: 3 })
  expect(await run.end()).toMatchObject({ delivered: 1 })
  expect(await stepsOf(run, 'val loss')).toEqual([0, 1, 2, 3])
})
