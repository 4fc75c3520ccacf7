import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { listJournals } from '../delivery/list-journals.ts'
import { syncJournals } from '../delivery/sync-journals.ts'
import { startFakeMlflow, type FakeMlflow } from '../testing/fake-mlflow.ts'
import { testSettings } from '../testing/settings.ts'
import { Client } from './client.ts'
import type { Run } from './run.ts'

/** Longer than a test may take: whatever waits for it fails. */
const FOR_EVER_MS = 1e7

let server: FakeMlflow
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>
const clients: Client[] = []

beforeEach(async () => {
  server = await startFakeMlflow()
  folder = await mkdtempDisposable(join(tmpdir(), 'many-'))
})
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close({ timeoutMs: 0 })
  await server[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

function aClient(): Client {
  // The platform's own `fetch`: in this process it does not matter that it keeps the process alive.
  const client = new Client(testSettings(server.url, folder.path), {
    fetch: globalThis.fetch,
    catchUp: false,
  })
  clients.push(client)
  return client.on('warn', () => {})
}

function logSome(run: Run): void {
  run.params({ lr: 1 })
  for (let step = 0; step < 5; step += 1) run.log({ loss: step }, { step })
}

test('500 children of a sweep arrive whole, and never ask for more than four things at once', async () => {
  let atOnce = 0
  let most = 0
  server.hold = async () => {
    atOnce += 1
    most = Math.max(most, atOnce)
    await new Promise(setImmediate)
    atOnce -= 1
  }
  const client = aClient()
  const parent = client.startRun({ name: 'sweep' })
  const receipts = await Promise.all(
    Array.from({ length: 500 }, async (_, index) => {
      const run = parent.child({ name: `trial ${index}` })
      logSome(run)
      return await run.end({ timeoutMs: FOR_EVER_MS })
    }),
  )
  await parent.end()
  expect(receipts.filter(({ accepted, delivered }) => accepted !== delivered)).toEqual([])
  expect([...server.runs.values()].filter(({ status }) => status !== 'FINISHED')).toEqual([])
  expect(server.runs.size).toBe(501)
  expect(most).toBeLessThanOrEqual(4)
  const asked = server.requests.filter(({ path }) => path === '/experiments/get-by-name').length
  expect(asked).toBeLessThan(10)
})

test('what one run cannot get rid of delays no other', async () => {
  const client = aClient()
  const stuck = client.startRun({ name: 'stuck' })
  await stuck.flush()
  server.misbehave = ({ json, path }) =>
    json.run_id === 'run0' && path === '/runs/log-batch' ? 500 : undefined
  logSome(stuck)
  expect(await stuck.end({ timeoutMs: FOR_EVER_MS })).toMatchObject({ delivered: 0 })
  for (let index = 0; index < 20; index += 1) {
    const run = client.startRun()
    logSome(run)
    expect(await run.end({ timeoutMs: FOR_EVER_MS })).toMatchObject({ spooled: 0 })
  }
})

test('a single refusal of the password in a time of trouble makes nobody give up', async () => {
  const client = aClient()
  const statuses = [503, 401, 503, 401, 401, 503]
  server.misbehave = () => statuses.shift()
  const run = client.startRun()
  logSome(run)
  expect(await run.end({ timeoutMs: FOR_EVER_MS })).toMatchObject({ spooled: 0 })
})

describe('a server that is away', () => {
  test.each(['refuses', 'is silent'])(
    '(it %s) is waited for once: the others hand over, and close waits for nobody',
    async (way) => {
      if (way === 'is silent') server.hold = () => new Promise(() => {})
      else server.misbehave = () => 503
      const client = aClient()
      const first = client.startRun()
      logSome(first)
      await first.end({ timeoutMs: way === 'is silent' ? 1500 : FOR_EVER_MS })
      for (let index = 0; index < 50; index += 1) {
        const run = client.startRun()
        logSome(run)
        expect(await run.end({ timeoutMs: FOR_EVER_MS })).toMatchObject({ delivered: 0 })
      }
      await client.close({ timeoutMs: FOR_EVER_MS })
      expect(listJournals(folder.path)).toHaveLength(51)

      // The next program finds the note.
      const next = aClient()
      const run = next.startRun()
      logSome(run)
      expect(await run.end({ timeoutMs: FOR_EVER_MS })).toMatchObject({ delivered: 0 })
      await next.close({ timeoutMs: FOR_EVER_MS })
      expect(listJournals(folder.path)).toHaveLength(52)
    },
  )

  test('and comes back is waited for again, by the next program too', async () => {
    server.misbehave = () => 503
    const client = aClient()
    const run = client.startRun()
    logSome(run)
    await run.end({ timeoutMs: FOR_EVER_MS })
    await client.close({ timeoutMs: 0 })
    server.misbehave = () => undefined
    const next = aClient()
    const second = next.startRun()
    logSome(second)
    expect(await second.end({ timeoutMs: FOR_EVER_MS })).toMatchObject({ spooled: 0 })
    expect(readdirSync(folder.path)).toEqual([run.id])
    await syncJournals({ settings: testSettings(server.url, folder.path) })
    expect(readdirSync(folder.path)).toEqual([])
  })
})
