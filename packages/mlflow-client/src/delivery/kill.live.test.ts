import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SharedMlflow } from '@soen/testbed'
import { expect, inject, test } from 'vitest'
import { getExperimentByName } from '../rest/experiments.ts'
import { getMetricHistory } from '../rest/metrics.ts'
import { searchRuns } from '../rest/runs.ts'
import { createTransport, type Transport } from '../rest/transport.ts'
import { retryPolicyFromEnv } from '../settings/retry-policy.ts'
import { startDoor, type Door } from '../testing/door.ts'
import { killTraining } from '../testing/kill-training.ts'
import { randomFrom } from '../testing/random.ts'
import { testSettings } from '../testing/settings.ts'
import { syncJournals } from './sync-journals.ts'

const { trackingUri }: SharedMlflow = inject('mlflow')

// SOEN_KILLS=200 is the long form; SOEN_KILL_SEED repeats a failed seed.
const kills = Number(process.env['SOEN_KILLS'] ?? 3)
const seed = Number(process.env['SOEN_KILL_SEED'] ?? Math.floor(Math.random() * 1e9))

/** A user's retry policy: requests of a killed program may still be in progress on the server. */
const PATIENT = retryPolicyFromEnv({})

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

test(
  `MLflow has every point of ${kills} killed trainings once (seed ${seed})`,
  { timeout: kills * 60_000 },
  async () => {
    const random = randomFrom(seed)
    const modes = Object.keys(SERVERS)
    const transport = createTransport({ trackingUri })
    for (let round = 0; round < kills; round += 1) {
      const mode = modes[round % modes.length] ?? 'up'
      const experiment = `killed while ${mode}, round ${round}`
      await using door = await startDoor(trackingUri)
      await using folder = await mkdtempDisposable(join(tmpdir(), 'kill-'))
      const safe = await killWhile(mode, door, folder.path, {
        experiment,
        killAfterMs: 500 + 1500 * random(),
      })
      const settings = testSettings(door.url, folder.path, { experiment, retry: PATIENT })
      const [synced, ...others] = await syncJournals({ settings })
      expect(others).toEqual([])
      expect(synced).toMatchObject({ outcome: 'delivered' })

      expect(await statusesOf(transport, experiment)).toEqual([[synced?.runId, 'KILLED']])
      const history = getMetricHistory(transport, { runId: synced?.runId ?? '', key: 'loss' })
      const steps = (await Array.fromAsync(history)).map(({ step }) => step)
      expect(safe, `round ${round}: the kill came too early to show anything`).toBeGreaterThan(100)
      expect(steps.length, `round ${round}, server ${mode}`).toBeGreaterThanOrEqual(safe)
      expect(steps).toEqual(Array.from({ length: steps.length }, (_, step) => step))
    }
  },
)

/**
 * Kill a training while the server is in the given state; afterwards it is up. Resolves to how many points must
 * exist.
 */
async function killWhile(
  mode: string,
  door: Door,
  spoolDir: string,
  kill: { readonly experiment: string; readonly killAfterMs: number },
): Promise<number> {
  using _ = SERVERS[mode]?.(door)
  const safe = await killTraining({ trackingUri: door.url, spoolDir, ...kill })
  door.turn('open')
  return safe
}

async function statusesOf(transport: Transport, experiment: string): Promise<(string | undefined)[][]> {
  const experimentId = (await getExperimentByName(transport, experiment))?.experiment_id ?? ''
  const runs = await Array.fromAsync(searchRuns(transport, { experimentIds: [experimentId] }))
  return runs.map(({ info }) => [info.run_id, info.status])
}
