import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { syncJournals } from '../delivery/sync-journals.ts'
import type { StoredRun } from '../local-store/read-run.ts'
import { readExperiments, readRuns } from '../local-store/read-store.ts'
import { init, type Client } from './client.ts'

let folder: Awaited<ReturnType<typeof mkdtempDisposable>>
let root: string
let client: Client

const open = async (env: Record<string, string> = {}): Promise<Client> =>
  await init({
    config: {
      logging: { mlflow_active: true, mlflow_tracking_uri: `file:${root}`, mlflow_experiment_name: 'exp' },
    },
    env: { SOEN_SPOOL_DIR: join(folder.path, 'spool'), ...env },
  })

beforeEach(async () => {
  folder = await mkdtempDisposable(join(tmpdir(), 'client-file-'))
  root = join(folder.path, 'mlruns')
  client = await open()
})
afterEach(async () => {
  await client.close()
  await folder[Symbol.asyncDispose]()
})

async function storedRuns(): Promise<StoredRun[]> {
  const { experiments, torn } = await readExperiments(root)
  expect(torn).toEqual([])
  const runs = []
  for (const experiment of experiments) {
    for await (const run of readRuns(experiment)) {
      if (!('meta' in run)) throw new Error(`${run.path}: ${run.why}`)
      expect(run.torn).toEqual([])
      runs.push(run)
    }
  }
  return runs
}

test('a run lands in the folder, whole, with nothing left in the journal', async () => {
  expect(client.mode).toBe('file')
  const run = client.startRun({
    name: 'local',
    params: { lr: 0.1, model: { depth: 2 } },
    description: '# Note',
  })
  for (let step = 0; step < 3000; step += 1) run.log({ 'val_loss/total': step / 7, nan: NaN }, { step })
  run.text('hello', 'notes/a.txt')
  const receipt = await run.end()
  expect(receipt).toMatchObject({ spooled: 0, dropped: 0, warnings: [] })
  expect(run.url).toBeUndefined()
  expect(existsSync(run.journalFolder ?? '')).toBe(false)
  const [stored] = await storedRuns()
  expect(stored).toMatchObject({
    meta: { name: 'local', status: 'FINISHED' },
    params: { lr: '0.1', 'model.depth': '2' },
    tags: { 'mlflow.note.content': '# Note', 'soen.client_run_id': run.id },
  })
  const points = stored?.metrics['val_loss_total']?.map(({ value, step }) => [step, value])
  expect(points).toEqual(Array.from({ length: 3000 }, (_, step) => [step, step / 7]))
  const { experimentId = '', runId = '' } = run.remote ?? {}
  expect(readFileSync(join(root, experimentId, runId, 'artifacts/notes/a.txt'), 'utf8')).toBe('hello')
})

test('a name that cannot stand beside another is named; everything else arrives', async () => {
  client.on('warn', () => {})
  const run = client.startRun()
  run.tags({ a: '1', 'a/b': '2', c: '3' })
  const receipt = await run.end()
  expect(receipt).toMatchObject({ dropped: 1, spooled: 0 })
  expect((await storedRuns())[0]?.tags).toMatchObject({ c: '3' })
})

test('what a killed program left is brought in by the next sync, each point once', async () => {
  const script = `
    import { Client } from ${JSON.stringify(join(import.meta.dirname, 'client.ts'))}
    import { setTimeout } from 'node:timers/promises'
    const settings = JSON.parse(process.argv[1])
    const run = new Client(settings).startRun({ name: 'killed' })
    for (let step = 0; step < 3000; step += 1) run.log({ a: step }, { step })
    await run.flush()
    for (let step = 3000; step < 5000; step += 1) run.log({ a: step }, { step })
    await setTimeout(200)
    process.kill(process.pid, 'SIGKILL')`
  await new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--input-type=module-typescript', '-e', script, JSON.stringify(client.settings)],
      resolve,
    )
  })
  const { settings } = client
  if (!settings.active) throw new Error('Logging is off.')
  expect(await syncJournals({ settings })).toMatchObject([{ name: 'killed', outcome: 'delivered' }])
  const [stored] = await storedRuns()
  expect(stored?.meta.status).toBe('KILLED')
  expect(stored?.metrics['a']?.map(({ step }) => step)).toEqual(
    Array.from({ length: 5000 }, (_, step) => step),
  )
})

test('the ids of a run and of an experiment that exist come from the environment', async () => {
  const first = client.startRun({ name: 'first' })
  await first.end()
  const { runId = '', experimentId = '' } = first.remote ?? {}
  await using joined = await open({ MLFLOW_RUN_ID: runId })
  const same = joined.startRun()
  same.log({ more: 1 })
  await same.end()
  await using beside = await open({ MLFLOW_EXPERIMENT_ID: experimentId })
  const other = beside.startRun({ name: 'other' })
  await other.end()
  expect(same.remote?.runId).toBe(runId)
  expect(other.remote?.experimentId).toBe(experimentId)
  const runs = await storedRuns()
  expect(runs.map(({ meta }) => meta.name).toSorted()).toEqual(['first', 'other'])
  expect(runs.find(({ meta }) => meta.runId === runId)?.metrics['more']).toHaveLength(1)
})

test('a folder that cannot be written to loses nothing', async () => {
  client.on('warn', () => {})
  // A file in the store's place has the effect of a full disk or a missing permission, for any user.
  writeFileSync(root, '')
  const run = client.startRun({ name: 'later' })
  run.log({ a: 1 })
  expect(await run.flush({ timeoutMs: 300 })).toMatchObject({ delivered: 0, dropped: 0 })
  rmSync(root)
  mkdirSync(root)
  expect(await run.end()).toMatchObject({ spooled: 0, dropped: 0 })
  expect((await storedRuns())[0]?.metrics['a']).toHaveLength(1)
})
