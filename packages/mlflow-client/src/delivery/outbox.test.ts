import { existsSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DEFAULT_JOURNAL_POLICY } from '../journal/journal-policy.ts'
import { createTransport } from '../rest/transport.ts'
import { startFakeMlflow, type FakeMlflow } from '../testing/fake-mlflow.ts'
import { testSettings } from '../testing/settings.ts'
import { listJournals } from './list-journals.ts'
import { Outbox } from './outbox.ts'
import { Tally } from './receipt.ts'
import { syncJournals } from './sync-journals.ts'

let server: FakeMlflow
let spool: Awaited<ReturnType<typeof mkdtempDisposable>>

beforeEach(async () => {
  server = await startFakeMlflow()
  spool = await mkdtempDisposable(join(tmpdir(), 'outbox-'))
})
afterEach(async () => {
  await server[Symbol.asyncDispose]()
  await spool[Symbol.asyncDispose]()
})

/** An outbox used without a `Run`. */
function open(): { outbox: Outbox; tally: Tally; folder: string } {
  const { retry, trackingUri } = testSettings(server.url, spool.path)
  const tally = new Tally()
  const folder = join(spool.path, 'c1')
  const header = {
    version: 1,
    clientRunId: 'c1',
    trackingUri,
    experiment: 'tests',
    name: 'from elsewhere',
    startTimeMs: 5,
    tags: {},
  } as const
  const outbox = new Outbox({
    header,
    folder,
    policy: DEFAULT_JOURNAL_POLICY,
    transport: createTransport({ trackingUri }),
    retry,
    tally,
    onWarn: (warning) => tally.warn(warning),
  })
  outbox.start()
  outbox.append({ k: 'p', v: { lr: '0.1' } })
  outbox.appendMetrics('{"k":"m","at":7,"s":1,"v":{"loss":0.5,"acc":"NaN"}}', 2)
  return { outbox, tally, folder }
}

test('records that no run of this package made arrive, and their journal is gone with the end', async () => {
  const { outbox, tally, folder } = open()
  outbox.append({ k: 'e', at: 9, status: 'FINISHED' })
  await outbox.deliver(5000)
  const run = server.runs.get(outbox.remote?.runId ?? '')
  expect(run).toMatchObject({ status: 'FINISHED', endTime: 9 })
  expect(run?.params).toEqual(new Map([['lr', '0.1']]))
  expect(run?.metrics).toEqual([
    { key: 'loss', value: 0.5, timestamp: 7, step: 1 },
    { key: 'acc', value: 'NaN', timestamp: 7, step: 1 },
  ])
  expect(tally.receipt()).toMatchObject({ accepted: 3, delivered: 3, spooled: 0, dropped: 0, warnings: [] })
  expect([outbox.isClosed, existsSync(folder)]).toEqual([true, false])
})

test('what a server that is away did not take waits for a sync', async () => {
  server.misbehave = () => 503
  const { outbox, tally } = open()
  await outbox.deliver(20)
  outbox.close()
  expect(tally.receipt()).toMatchObject({ accepted: 3, delivered: 0, spooled: 3 })
  expect(listJournals(spool.path)).toMatchObject([{ name: 'from elsewhere', waiting: 3, isBusy: false }])
  server.misbehave = () => undefined
  const [synced] = await syncJournals({ settings: testSettings(server.url, spool.path) })
  expect(synced).toMatchObject({ outcome: 'delivered', receipt: { delivered: 3 } })
})

test('an end that turns out to be wrong is corrected by a later sync', async () => {
  const { outbox } = open()
  outbox.append({ k: 'e', at: 9, status: 'FINISHED' })
  await outbox.deliver(5000)
  outbox.amend({ k: 'e', at: 10, status: 'FAILED' })
  await syncJournals({ settings: testSettings(server.url, spool.path) })
  expect([...server.runs.values()].map(({ status }) => status)).toEqual(['FAILED'])
})
