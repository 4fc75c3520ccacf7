import { randomUUID } from 'node:crypto'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, inject, test } from 'vitest'
import { createReader } from '../read/reader.ts'
import { Client } from '../run/client.ts'
import type { Run } from '../run/run.ts'
import { testSettings } from '../testing/settings.ts'
import type { TrialParams } from './plan-trials.ts'
import { runSweep } from './run-sweep.ts'

const { trackingUri } = inject('mlflow')

test('a sweep tries each combination once, so many at once, and goes on where it was stopped', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'sweep-'))
  const settings = testSettings(trackingUri, join(folder.path, 'spool'), {
    experiment: `sweep ${randomUUID()}`,
  })
  const options = {
    space: { lr: [1, 2, 3], depth: [10, 20] },
    limit: 2,
    resumeKey: "sweep's one",
    name: 'all',
  } as const
  const tried: TrialParams[] = []
  let [running, most] = [0, 0]
  const train = async (run: Run, params: TrialParams): Promise<number> => {
    const isSecond = tried.push(params) === 2
    running += 1
    most = Math.max(most, running)
    await nextTurn()
    running -= 1
    if (isSecond) throw new Error('diverged')
    run.log({ loss: 1 }, { step: 0 })
    return Number(params['lr']) * 100 - Number(params['depth'])
  }

  await using client = new Client(settings)
  const { trials, best } = await runSweep(client, options, train)
  expect(most).toBe(2)
  expect(tried).toHaveLength(6)
  expect(trials.map(({ status }) => status)).toEqual([
    'FINISHED',
    'FAILED',
    'FINISHED',
    'FINISHED',
    'FINISHED',
    'FINISHED',
  ])
  expect(best).toMatchObject({ params: { lr: 1, depth: 10 }, value: 90 })

  // Only what has not finished is tried again.
  const again = await runSweep(client, options, train)
  expect(tried.slice(6)).toEqual([{ lr: 1, depth: 20 }])
  expect(again.trials.every(({ status }) => status === 'FINISHED')).toBe(true)
  expect(again.best).toMatchObject({ params: { lr: 1, depth: 20 }, value: 80 })

  const runs = await Array.fromAsync(
    createReader({ settings }).search({ orderBy: ['attributes.run_name', 'attributes.start_time'] }),
  )
  expect(runs.map(({ name, status }) => `${name} ${status}`)).toEqual([
    'all FINISHED',
    'trial 0 FINISHED',
    'trial 1 FAILED',
    'trial 1 FINISHED',
    'trial 2 FINISHED',
    'trial 3 FINISHED',
    'trial 4 FINISHED',
    'trial 5 FINISHED',
  ])
  const [sweep, ...children] = runs
  expect(sweep).toMatchObject({
    metrics: { objective: 80 },
    tags: { 'soen.best_params': '{"lr":1,"depth":20}' },
  })
  expect(children.map(({ tags }) => tags['mlflow.parentRunId'])).toEqual(children.map(() => sweep?.id))
})

test('a sweep of a client that logs nowhere tries all the same', async () => {
  const client = new Client({ active: false, reason: 'a test' })
  const space = { lr: { min: 0, max: 1 } }
  const { trials } = await runSweep(client, { space, trials: 3, goal: 'max', resumeKey: 'k' }, (_, { lr }) =>
    Number(lr),
  )
  expect(trials).toHaveLength(3)
  await expect(runSweep(client, { space, trials: 0 }, () => {})).rejects.toThrow('needs trials')
})
