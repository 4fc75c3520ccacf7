import { mkdirSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeHeader } from '../journal/header.ts'
import { Client } from '../run/client.ts'
import { startFakeMlflow } from '../testing/fake-mlflow.ts'
import { testSettings } from '../testing/settings.ts'
import { listJournals } from './list-journals.ts'
import { syncJournals } from './sync-journals.ts'

test('tells what waits of each run, and nothing once it is delivered', async () => {
  await using server = await startFakeMlflow()
  await using folder = await mkdtempDisposable(join(tmpdir(), 'list-'))
  server.misbehave = () => 503
  const settings = testSettings(server.url, folder.path)
  const client = new Client(settings).on('warn', () => {})
  const run = client.startRun({ name: 'left' })
  run.log({ a: 1, b: 2 }, { step: 1 })
  await run.end({ timeoutMs: 10 })
  expect(listJournals(folder.path)).toMatchObject([
    { name: 'left', experiment: 'tests', trackingUri: server.url, clientRunId: run.id, isBusy: true },
  ])
  await client.close({ timeoutMs: 10 })
  const [left] = listJournals(folder.path)
  expect(left).toMatchObject({ isBusy: false, folder: join(folder.path, run.id) })
  expect(left?.waiting).toBeGreaterThanOrEqual(2)

  server.misbehave = () => undefined
  await syncJournals({ settings })
  expect(listJournals(folder.path)).toEqual([])
})

test('passes over what is no journal, and a spool that is not there', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'list-'))
  mkdirSync(join(folder.path, 'something else'))
  expect(listJournals(folder.path)).toEqual([])
  expect(listJournals(join(folder.path, 'missing'))).toEqual([])
})

test('a run comes before its children, also when all of them began in one millisecond', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'list-'))
  for (const [clientRunId, parentId] of [['3'], ['2', '3'], ['1', '2'], ['0', 'gone']] as const) {
    const header = { clientRunId, parentId, name: clientRunId, startTimeMs: 5, experiment: 'e' }
    mkdirSync(join(folder.path, clientRunId))
    writeHeader(join(folder.path, clientRunId), { version: 1, trackingUri: 'u', tags: {}, ...header })
  }
  expect(listJournals(folder.path).map(({ name }) => name)).toEqual(['3', '0', '2', '1'])
})
