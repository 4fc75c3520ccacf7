import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Client, init } from '../run/client.ts'
import { startDoor, type Door } from '../testing/door.ts'
import { startFakeMlflow, UNKNOWN_RUN, type FakeMlflow } from '../testing/fake-mlflow.ts'
import { testSettings } from '../testing/settings.ts'
import { findFormerAddresses } from './moved-server.ts'
import { syncJournals } from './sync-journals.ts'

let server: FakeMlflow
/** The server's former address. */
let former: Door
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>

beforeEach(async () => {
  server = await startFakeMlflow()
  former = await startDoor(server.url)
  folder = await mkdtempDisposable(join(tmpdir(), 'moved-'))
  const client = new Client(testSettings(former.url, folder.path)).on('warn', () => {})
  const run = client.startRun({ name: 'moved' })
  run.log({ a: 1 }, { step: 1 })
  await run.flush()
  former.turn('shut')
  run.log({ a: 2 }, { step: 2 })
  await run.end({ timeoutMs: 10 })
  await client.close({ timeoutMs: 10 })
})
afterEach(async () => {
  await former[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

function stepsOf(fake: FakeMlflow): (number | undefined)[] {
  expect(fake.runs.size).toBe(1)
  return fake.runs.get('run0')?.metrics.map(({ step }) => step) ?? []
}

test('a server that knows a run of another address is known again, and gets the rest of it when told', async () => {
  const settings = testSettings(server.url, folder.path)
  expect(await findFormerAddresses({ settings })).toEqual([former.url])
  expect(await syncJournals({ settings })).toMatchObject([{ outcome: 'elsewhere', trackingUri: former.url }])
  const hasMovedFrom = (address: string): boolean => address === former.url
  expect(await syncJournals({ settings, hasMovedFrom })).toMatchObject([{ outcome: 'delivered' }])
  expect(stepsOf(server)).toEqual([1, 2])
  expect(server.runs.get('run0')?.status).toBe('FINISHED')
})

test('another server is not taken for the one that was left, and creates the run when told to take it', async () => {
  await using other = await startFakeMlflow()
  // Its ids differ, as between any two MLflow servers.
  other.misbehave = ({ query }) =>
    query.get('run_id') === 'run0' && other.runs.size === 0 ? UNKNOWN_RUN : undefined
  const settings = testSettings(other.url, folder.path)
  expect(await findFormerAddresses({ settings })).toEqual([])
  const synced = await syncJournals({ settings, hasMovedFrom: () => true })
  expect(synced).toMatchObject([{ outcome: 'delivered' }])
  expect(stepsOf(other)).toEqual([2])
})

test('a program whose server is another one says at its start that something waits for the former', async () => {
  const { url: trackingUri } = server
  await using client = await init({ env: {}, trackingUri, spoolDir: folder.path })
  const warning = await new Promise((resolve) => {
    client.on('warn', resolve)
  })
  expect(warning).toMatchObject({
    code: 'SOEN_OTHER_SERVER',
    message: `1 run(s) wait for ${former.url}, and this program logs to ${server.url}.`,
  })
})
