import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SharedMlflow } from '@soen/testbed'
import { expect, inject, test } from 'vitest'
import { getExperimentByName } from '../rest/experiments.ts'
import { getMetricHistory } from '../rest/metrics.ts'
import { searchRuns } from '../rest/runs.ts'
import { createTransport } from '../rest/transport.ts'
import { startDoor, type Door } from '../testing/door.ts'
import { killTraining } from '../testing/kill-training.ts'
import { testSettings } from '../testing/settings.ts'
import { syncJournals } from './sync-journals.ts'

const { trackingUri }: SharedMlflow = inject('mlflow')

const SERVERS: Readonly<Record<string, (door: Door) => Disposable>> = {
  up: () => ({ [Symbol.dispose]: () => {} }),
  down: (door) => {
    door.turn('shut')
    return { [Symbol.dispose]: () => {} }
  },
  restarting: (door) => {
    const timer = setInterval(() => door.turn(door.mode === 'open' ? 'shut' : 'open'), 250)
    return { [Symbol.dispose]: () => clearInterval(timer) }
  },
}

test.each(Object.keys(SERVERS))('MLflow has every point of a killed training once (%s)', async (mode) => {
  await using door = await startDoor(trackingUri)
  await using folder = await mkdtempDisposable(join(tmpdir(), 'kill-'))
  const experiment = `killed while ${mode}`
  const about = { trackingUri: door.url, spoolDir: folder.path, experiment }
  let safe: number
  {
    using _ = SERVERS[mode]?.(door)
    safe = await killTraining({ ...about, killAfterMs: 1500 })
  }
  door.turn('open')
  const settings = testSettings(door.url, folder.path, { experiment })
  const [synced, ...others] = await syncJournals({ settings })
  expect(others).toEqual([])
  expect(synced).toMatchObject({ outcome: 'delivered' })

  const transport = createTransport({ trackingUri })
  const experimentId = (await getExperimentByName(transport, experiment))?.experiment_id ?? ''
  const runs = await Array.fromAsync(searchRuns(transport, { experimentIds: [experimentId] }))
  expect(runs.map(({ info }) => [info.run_id, info.status])).toEqual([[synced?.runId, 'KILLED']])
  const history = getMetricHistory(transport, { runId: synced?.runId ?? '', key: 'loss' })
  const steps = (await Array.fromAsync(history)).map(({ step }) => step)
  expect(steps.length).toBeGreaterThanOrEqual(safe)
  expect(safe).toBeGreaterThan(1000)
  expect(steps).toEqual(Array.from({ length: steps.length }, (_, step) => step))
})
