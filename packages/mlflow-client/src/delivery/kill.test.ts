import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startFakeMlflow, type FakeMlflow } from '../testing/fake-mlflow.ts'
import { killTraining } from '../testing/kill-training.ts'
import { randomFrom } from '../testing/random.ts'
import { testSettings } from '../testing/settings.ts'
import { syncJournals } from './sync-journals.ts'

// SOEN_KILLS=200 is the long form; SOEN_KILL_SEED repeats a failed seed.
const kills = Number(process.env['SOEN_KILLS'] ?? 12)
const seed = Number(process.env['SOEN_KILL_SEED'] ?? Math.floor(Math.random() * 1e9))

const SERVERS: Readonly<Record<string, (random: () => number) => FakeMlflow['misbehave']>> = {
  up: () => () => undefined,
  down: () => () => 'reset',
  restarting: (random) => {
    const upMs = 50 + 200 * random()
    const downMs = 50 + 200 * random()
    return () => (performance.now() % (upMs + downMs) < upMs ? undefined : 'reset')
  },
  'losing answers': (random) => () => (random() < 0.4 ? 'lost' : undefined),
}

test(
  `${kills} kills at random moments lose nothing and double nothing (seed ${seed})`,
  { timeout: kills * 30_000 },
  async () => {
    const random = randomFrom(seed)
    const modes = Object.keys(SERVERS)
    let allSafe = 0
    for (let round = 0; round < kills; round += 1) {
      await using server = await startFakeMlflow()
      await using folder = await mkdtempDisposable(join(tmpdir(), 'kill-'))
      const mode = modes[round % modes.length] ?? 'up'
      const killAfterMs = 1200 * random()
      server.misbehave = SERVERS[mode]?.(random) ?? server.misbehave
      const safe = await killTraining({ trackingUri: server.url, spoolDir: folder.path, killAfterMs })
      server.misbehave = () => undefined
      const synced = await syncJournals({ settings: testSettings(server.url, folder.path) })

      const [run, ...others] = server.runs.values()
      const steps = run?.metrics.map(({ step }) => step) ?? []
      const seen = {
        about: `round ${round}, server ${mode}, killed after ${killAfterMs} ms`,
        outcomes: synced.map(({ outcome }) => outcome),
        otherRuns: others.length,
        status: run?.status,
        hasParams: safe === 0 || run?.params.get('lr') === '0.1',
        steps,
        hasAllThatWereSafe: steps.length >= safe,
      }
      expect(seen).toEqual({
        about: seen.about,
        outcomes: ['delivered'],
        otherRuns: 0,
        status: 'KILLED',
        hasParams: true,
        steps: steps.map((_, index) => index),
        hasAllThatWereSafe: true,
      })
      allSafe += safe
    }
    // Otherwise the kills came too early to prove anything.
    expect(allSafe).toBeGreaterThan(100 * kills)
  },
)
