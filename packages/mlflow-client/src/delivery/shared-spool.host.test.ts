import { readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startFakeMlflow, type FakeMlflow } from '../testing/fake-mlflow.ts'
import { testSettings } from '../testing/settings.ts'
import { startTold, type ToldTraining } from '../testing/told-training.ts'
import { listJournals } from './list-journals.ts'
import type { SyncedRun } from './sync-journal.ts'
import { syncJournals } from './sync-journals.ts'

let server: FakeMlflow
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>

beforeEach(async () => {
  server = await startFakeMlflow()
  folder = await mkdtempDisposable(join(tmpdir(), 'shared-'))
})
afterEach(async () => {
  await server[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

function spoolDir(): string {
  return join(folder.path, 'spool')
}

async function trainOnOtherHost(): Promise<ToldTraining> {
  const bootFile = join(folder.path, 'boot')
  writeFileSync(bootFile, 'ffffffff-0000-4000-8000-000000000000\n')
  return await startTold({ trackingUri: server.url, spoolDir: spoolDir(), bootFile })
}

async function syncHere(): Promise<SyncedRun['outcome'][]> {
  const synced = await syncJournals({ settings: testSettings(server.url, spoolDir()) })
  return synced.map(({ outcome }) => outcome)
}

/** Makes the other host's lease look an hour old. */
function ageLock(): void {
  const at = new Date(Date.now() - 3_600_000)
  const entries = readdirSync(spoolDir(), { withFileTypes: true })
  for (const entry of entries)
    if (entry.isDirectory()) utimesSync(join(spoolDir(), entry.name, 'lock'), at, at)
}

function stepsOf(runId: string): (number | undefined)[] | undefined {
  return server.runs.get(runId)?.metrics.map(({ step }) => step)
}

const FIRST_40 = Array.from({ length: 40 }, (_, step) => step)

test('a training of another host that shares the spool is left alone, and after a kill until its lease is over', async () => {
  await using training = await trainOnOtherHost()
  await training.tell('log 40')
  expect(await syncHere()).toEqual(['busy'])
  await training.signal('SIGKILL')
  expect(await syncHere()).toEqual(['busy'])
  expect(listJournals(spoolDir())).toMatchObject([{ isBusy: true }])
  ageLock()
  expect(await syncHere()).toEqual(['delivered'])
  expect(stepsOf('run0')).toEqual(FIRST_40)
  expect(server.runs.get('run0')?.status).toBe('KILLED')
})

test.each([
  ['before the server is reached', 503],
  ['when all is delivered', undefined],
])(
  'a training that is taken for dead by another host goes on elsewhere, says so, and ends as what it was (%s)',
  async (_, trouble) => {
    server.misbehave = () => trouble
    await using training = await trainOnOtherHost()
    await training.tell('log 20')
    await training.tell('text 1')
    await training.tell('flush 5000')
    await training.signal('SIGSTOP')
    server.misbehave = () => undefined
    ageLock()
    expect(await syncHere()).toEqual(['delivered'])
    expect(server.runs.get('run0')?.status).toBe('KILLED')
    await training.signal('SIGCONT')
    await training.tell('log 20')
    expect(await training.tell('end 30000')).toMatchObject({ delivered: expect.any(Number), spooled: 0 })
    expect(await training.tell('warnings')).toContain('SOEN_SPOOL_LOST')
    expect(server.runs.size).toBe(1)
    expect(stepsOf('run0')).toEqual(FIRST_40)
    expect(server.runs.get('run0')?.status).toBe('FINISHED')
    expect(server.artifacts.get('1/run0/artifacts/texts/1.txt')?.toString()).toBe('text 1')
    expect(listJournals(spoolDir())).toEqual([])
  },
)
