import { randomBytes } from 'node:crypto'
import { mkdtempDisposable, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { SharedMlflow } from '@soen/testbed'
import { syncJournals } from '../delivery/sync-journals.ts'
import type { ClientError } from '../errors/client-error.ts'
import { downloadArtifact, listArtifacts } from '../rest/artifacts.ts'
import { createExperiment, getExperimentByName } from '../rest/experiments.ts'
import { getMetricHistory } from '../rest/metrics.ts'
import { getRun, searchRuns } from '../rest/runs.ts'
import { createTransport } from '../rest/transport.ts'
import { testSettings } from '../testing/settings.ts'
import { Client } from './client.ts'
import type { Run } from './run.ts'

const { trackingUri }: SharedMlflow = inject('mlflow')
const transport = createTransport({ trackingUri })
const settingsIn = (folder: string) =>
  testSettings(trackingUri, join(folder, 'spool'), { experiment: 'client live' })

let folder: Awaited<ReturnType<typeof mkdtempDisposable>>
let client: Client
const warnings: ClientError[] = []

beforeAll(async () => {
  folder = await mkdtempDisposable(join(tmpdir(), 'live-'))
  client = new Client(settingsIn(folder.path)).on('warn', (warning) => warnings.push(warning))
})
afterAll(async () => {
  await client.close()
  await folder[Symbol.asyncDispose]()
})

function runIdOf(run: Run): string {
  if (run.remote === undefined) throw new Error('The run is not on the server.')
  return run.remote.runId
}

async function valuesOf(run: Run, key: string): Promise<number[]> {
  const points = await Array.fromAsync(
    getMetricHistory(transport, { runId: runIdOf(run), key, pageSize: 700 }),
  )
  return points.map(({ value }) => value)
}

describe('what MLflow holds equals what was logged', () => {
  test('each special double', async () => {
    const run = client.startRun()
    const values = {
      nan: NaN,
      plus: Infinity,
      minus: -Infinity,
      zero: -0,
      tiny: 1e-300,
      sum: 0.1 + 0.2,
      large: 1e308,
    }
    run.log(values, { step: -5 })
    expect(await run.end()).toMatchObject({ spooled: 0, dropped: 0 })
    const read: Record<string, number> = {}
    for (const key of Object.keys(values)) read[key] = (await valuesOf(run, key))[0] ?? -1
    expect(read).toEqual({
      ...values,
      // SQL stores have no infinity, and SQLite no negative zero.
      plus: Number.MAX_VALUE,
      minus: -Number.MAX_VALUE,
      zero: 0,
    })
  })

  test('2,500 points of one metric in order, with their steps and times', async () => {
    const run = client.startRun()
    const before = Date.now()
    for (let step = 0; step < 2500; step += 1) run.log({ 'val_loss/total': Math.sin(step) }, { step })
    const receipt = await run.end()
    expect(receipt).toMatchObject({ accepted: 2500, delivered: 2500, warnings: [] })
    const key = 'val_loss_total'
    const points = await Array.fromAsync(
      getMetricHistory(transport, { runId: runIdOf(run), key, pageSize: 999 }),
    )
    expect(points.map(({ value }) => value)).toEqual(
      Array.from({ length: 2500 }, (_, step) => Math.sin(step)),
    )
    expect(points.map(({ step }) => step)).toEqual(Array.from({ length: 2500 }, (_, step) => step))
    expect(points.every(({ timestampMs }) => timestampMs >= before && timestampMs <= Date.now())).toBe(true)
  })

  test('names of every script, params, tags, note, status and times', async () => {
    const names = ['损失', 'Größe', 'потеря', 'a b.c-d:e', 'x'.repeat(400)]
    const run = client.startRun({
      name: 'Läufer 🏃',
      params: { 'große zahl': 2 ** 53, nested: { list: [1, 'ü'] }, text: 'line\nbreak "quoted" 🙂' },
      tags: { 'team:key': 'wert' },
      description: '# Überschrift\n\n`code`',
    })
    run.log(Object.fromEntries(names.map((name, index) => [name, index])))
    expect(await run.end({ status: 'KILLED' })).toMatchObject({ dropped: 0, spooled: 0 })

    const { info, data } = await getRun(transport, runIdOf(run))
    expect(info).toMatchObject({ run_name: 'Läufer 🏃', status: 'KILLED', user_id: 'ann' })
    expect(Number(info.end_time)).toBeGreaterThanOrEqual(Number(info.start_time))
    const metrics = Object.fromEntries((data.metrics ?? []).map(({ key, value }) => [key, value]))
    for (const [index, name] of names.slice(0, 4).entries()) expect(metrics[name]).toBe(index)
    expect(Object.keys(metrics).some((name) => /^x{241}_[0-9a-f]{8}$/.test(name))).toBe(true)
    const params = Object.fromEntries((data.params ?? []).map(({ key, value }) => [key, value]))
    expect(params).toEqual({
      'gro\u00dfe zahl': '9007199254740992',
      'nested.list': '[1,"ü"]',
      text: 'line\nbreak "quoted" 🙂',
    })
    const tags = Object.fromEntries((data.tags ?? []).map(({ key, value }) => [key, value]))
    expect(tags).toMatchObject({
      'team:key': 'wert',
      'mlflow.note.content': '# Überschrift\n\n`code`',
      'soen.member': 'ann',
    })
  })

  test('artifacts byte by byte, whatever their names', async () => {
    const bytes = { 'weights.ckpt': randomBytes(3_000_000), empty: Buffer.alloc(0) }
    const run = client.startRun()
    for (const [name, content] of Object.entries(bytes)) {
      await writeFile(join(folder.path, name), content)
      run.artifact(join(folder.path, name), { to: 'a b/50% 模型' })
    }
    const odd = ['why?.txt', 'rocket 🚀.txt', 'epoch=00-val_loss=0.78.ckpt', "it's (1).txt", 'a+b&c.txt']
    for (const name of odd) run.text(name, `odd/${name}`)
    expect(await run.end()).toMatchObject({ dropped: 0, spooled: 0, warnings: [] })

    const artifactUri = run.remote?.artifactUri ?? ''
    for (const [name, content] of Object.entries(bytes)) {
      const response = await downloadArtifact(transport, { artifactUri, path: `a b/50% 模型/${name}` })
      expect(Buffer.from(await response.arrayBuffer()).equals(content)).toBe(true)
    }
    for (const name of odd) {
      const response = await downloadArtifact(transport, { artifactUri, path: `odd/${name}` })
      expect(await response.text()).toBe(name)
    }
    const listed = await listArtifacts(transport, { runId: runIdOf(run), path: 'odd' })
    expect(listed.map(({ path }) => path).toSorted()).toEqual(odd.map((name) => `odd/${name}`).toSorted())
  })
})

test('one bad item costs nothing else: MLflow’s own refusals are understood', async () => {
  const run = client.startRun({ params: { lr: 1 } })
  await run.flush()
  run.params({ lr: 2, other: 3 })
  run.text('x', 'a#b.txt')
  run.log({ good: 1 })
  const receipt = await run.end()
  expect(receipt).toMatchObject({ dropped: 1, spooled: 0 })
  const { data } = await getRun(transport, runIdOf(run))
  expect(data.params).toEqual(
    expect.arrayContaining([
      { key: 'lr', value: '1' },
      { key: 'other', value: '3' },
    ]),
  )
  const dead = await readFile(join(folder.path, 'spool', run.id, 'dead.jsonl'), 'utf8')
  expect(JSON.parse(dead)).toMatchObject({
    kind: 'params',
    name: 'lr',
    reason: expect.stringContaining('Changing param'),
  })
  const files = await listArtifacts(transport, { runId: runIdOf(run) })
  expect(files.map(({ path }) => path)).toEqual(['a_b.txt'])
})

test('a journal delivered twice is there once', async () => {
  const away = new Client({ ...settingsIn(folder.path), spoolDir: join(folder.path, 'twice') })
  away.on('warn', () => {})
  const run = away.startRun({ name: 'twice' })
  for (let step = 0; step < 1200; step += 1) run.log({ a: step }, { step })
  await run.flush()
  await away.close()
  // As if the process had died before it could store the cursor.
  await writeFile(join(run.journalFolder ?? '', 'cursor.json'), '{"segment":1,"offset":0}')
  const settings = { ...settingsIn(folder.path), spoolDir: join(folder.path, 'twice') }
  expect(await syncJournals({ settings })).toMatchObject([{ outcome: 'delivered', runId: runIdOf(run) }])
  expect(await valuesOf(run, 'a')).toEqual(Array.from({ length: 1200 }, (_, step) => step))
  const { info } = await getRun(transport, runIdOf(run))
  expect(info.status).toBe('KILLED')
  const filter = "attributes.run_name = 'twice'"
  const found = await Array.fromAsync(searchRuns(transport, { experimentIds: [info.experiment_id], filter }))
  expect(found).toHaveLength(1)
})

test('an experiment that exists is told apart from one that does not', async () => {
  expect(await getExperimentByName(transport, 'never made')).toBeUndefined()
  const id = await createExperiment(transport, 'made once')
  expect(await getExperimentByName(transport, 'made once')).toMatchObject({ experiment_id: id })
  await expect(createExperiment(transport, 'made once')).rejects.toMatchObject({
    status: 400,
    errorCode: 'RESOURCE_ALREADY_EXISTS',
    retryable: false,
  })
})
