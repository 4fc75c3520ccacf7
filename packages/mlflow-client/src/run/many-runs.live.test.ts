import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SharedMlflow } from '@soen/testbed'
import { expect, inject, test } from 'vitest'
import { listJournals } from '../delivery/list-journals.ts'
import { getExperimentByName } from '../rest/experiments.ts'
import { getMetricHistory } from '../rest/metrics.ts'
import { searchRuns } from '../rest/runs.ts'
import { createTransport } from '../rest/transport.ts'
import type { WireRun } from '../rest/wire.ts'
import { retryPolicyFromEnv } from '../settings/retry-policy.ts'
import { testSettings } from '../testing/settings.ts'
import { Client } from './client.ts'
import type { Run } from './run.ts'

const shared: SharedMlflow = inject('mlflow')

// `npm run soak -- many-runs` starts 500.
const runs = Number(process.env['SOEN_RUNS'] ?? 100)
const POINTS = 20
const STEPS = Array.from({ length: POINTS }, (_, step) => step)
const PARAMS = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`p${index}`, String(index)]))

const PATIENT = { ...retryPolicyFromEnv({}), timeoutMs: 120_000, maxRetries: 1000, maxDelayMs: 1000 }

function logAll(run: Run): void {
  run.params(PARAMS)
  for (const step of STEPS) run.log({ loss: step / 8 }, { step })
}

/** The runs that are not as they were logged. */
async function faultyRuns(trackingUri: string, experiment: string, wanted: number): Promise<object[]> {
  const transport = createTransport({ trackingUri })
  const { experiment_id: experimentId = '' } = (await getExperimentByName(transport, experiment)) ?? {}
  const found = await Array.fromAsync(searchRuns(transport, { experimentIds: [experimentId] }))
  expect(found).toHaveLength(wanted)
  const faulty: object[] = []
  for (const run of found) {
    const history = getMetricHistory(transport, { runId: run.info.run_id, key: 'loss' })
    const steps = (await Array.fromAsync(history)).map(({ step }) => step)
    if (run.info.status !== 'FINISHED' || !isWhole(run) || String(steps) !== String(STEPS))
      faulty.push({ ...run, steps })
  }
  return faulty
}

function isWhole({ data }: WireRun): boolean {
  const params = new Map(data.params?.map(({ key, value }) => [key, value]))
  return Object.entries(PARAMS).every(([key, value]) => params.get(key) === value)
}

test(`${runs} runs of one program are all there, ended, with all that was logged`, async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'many-'))
  const experiment = 'many runs'
  const settings = testSettings(shared.trackingUri, folder.path, { experiment, retry: PATIENT })
  await using client = new Client(settings)
  const receipts = await Promise.all(
    Array.from({ length: runs }, async (_, index) => {
      const run = client.startRun({ name: `trial ${index}` })
      logAll(run)
      return await run.end({ timeoutMs: 400_000 })
    }),
  )
  expect(receipts.filter(({ spooled, dropped }) => spooled + dropped > 0)).toEqual([])
  expect(await faultyRuns(shared.trackingUri, experiment, runs)).toEqual([])
  expect(listJournals(folder.path)).toEqual([])
})
