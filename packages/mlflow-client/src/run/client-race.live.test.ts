import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import type { SharedMlflow } from '@soen/testbed'
import { expect, inject, test } from 'vitest'
import { createFileTransport } from '../local-store/file-transport.ts'
import { getExperimentByName } from '../rest/experiments.ts'
import { searchRuns } from '../rest/runs.ts'
import { createTransport, type Transport } from '../rest/transport.ts'

const { trackingUri }: SharedMlflow = inject('mlflow')
const RANKS = ['0', '1', '2', '3']

/** Start several processes of one job at the same moment; resolves to the runs that they logged to. */
async function race(uri: string, spoolDir: string, resumeKey: string): Promise<string[]> {
  const program = join(import.meta.dirname, '../testing/starting-child.ts')
  const racers = await Promise.all(
    RANKS.map(async (rank) => {
      const child = spawn(process.execPath, [program, uri, spoolDir, resumeKey, rank], {
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      const lines = createInterface({ input: child.stdout })
      await once(lines, 'line')
      return { child, lines }
    }),
  )
  const ends = racers.map(async ({ child, lines }) => {
    const [[runId]] = await Promise.all([once(lines, 'line'), once(child, 'exit')])
    return String(runId)
  })
  for (const { child } of racers) child.stdin.write('go')
  return await Promise.all(ends)
}

/** The runs of a job, each with the names of what was logged to it. */
async function runsOf(transport: Transport, resumeKey: string): Promise<object[]> {
  const experiment = await getExperimentByName(transport, 'races')
  const filter = `tags.\`soen.resume_key\` = '${resumeKey}'`
  const search = { experimentIds: [experiment?.experiment_id ?? ''], filter }
  return await Array.fromAsync(searchRuns(transport, search), ({ info, data }) => ({
    runId: info.run_id,
    metrics: data.metrics?.map(({ key }) => key).toSorted(),
    params: data.params
      ?.map(({ key }) => key)
      .filter((key) => key.startsWith('rank'))
      .toSorted(),
  }))
}

/** One run, in which all ranks logged. */
function oneRun(runIds: readonly string[]): object[] {
  const [runId] = runIds
  return [
    { runId, metrics: RANKS.map((rank) => `loss ${rank}`), params: RANKS.map((rank) => `rank ${rank}`) },
  ]
}

test('four processes that begin one job at the same moment are one run of MLflow, with all they logged', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'race-'))
  for (const round of ['round-1', 'round-2', 'round-3']) {
    const runIds = await race(trackingUri, folder.path, round)
    expect(new Set(runIds).size).toBe(1)
    expect(await runsOf(createTransport({ trackingUri }), round)).toEqual(oneRun(runIds))
  }
})

test('and one run of a local store', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'race-'))
  const store = join(folder.path, 'mlruns')
  const runIds = await race(pathToFileURL(store).href, join(folder.path, 'spool'), 'local')
  expect(new Set(runIds).size).toBe(1)
  expect(await runsOf(createFileTransport(store), 'local')).toEqual(oneRun(runIds))
})
