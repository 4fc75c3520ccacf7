import { writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Client } from '../run/client.ts'
import { startDoor, type Door, type DoorMode } from '../testing/door.ts'
import { startFakeMlflow, type FakeMlflow } from '../testing/fake-mlflow.ts'
import { testSettings } from '../testing/settings.ts'
import { startTlsFront } from '../testing/tls-front.ts'
import type { Receipt } from './receipt.ts'
import { syncJournals } from './sync-journals.ts'

const POINTS = 3000
const WEIGHTS = Buffer.alloc(3_000_000, 'weights')

let server: FakeMlflow
let door: Door
let temporary: Awaited<ReturnType<typeof mkdtempDisposable>>
let folder: string

beforeEach(async () => {
  temporary = await mkdtempDisposable(join(tmpdir(), 'misbehaving-'))
  folder = temporary.path
  server = await startFakeMlflow()
  door = await startDoor(server.url)
})
afterEach(async () => {
  await door[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
  await temporary[Symbol.asyncDispose]()
})

/** Train through a door that misbehaves now and then. */
async function train(moods: readonly DoorMode[], way = door): Promise<Receipt> {
  const settings = testSettings(way.url, join(folder, 'spool'))
  const retry = { ...settings.retry, timeoutMs: 1000, maxRetries: 10_000 }
  const client = new Client({ ...settings, retry }).on('warn', () => {})
  let turns = 0
  const timer = setInterval(() => {
    way.turn(turns % 2 === 0 ? (moods[turns / 2] ?? 'open') : 'open')
    turns += 1
    if (turns > 2 * moods.length) clearInterval(timer)
  }, 25)
  writeFileSync(join(folder, 'weights'), WEIGHTS)
  const run = client.startRun({ params: { lr: 1 } })
  run.artifact(join(folder, 'weights'))
  for (let step = 0; step < POINTS; step += 1) run.log({ a: step }, { step })
  await run.flush({ timeoutMs: 60_000 })
  while (turns <= 2 * moods.length) await new Promise(setImmediate)
  run.log({ a: POINTS }, { step: POINTS })
  const receipt = await run.end({ timeoutMs: 60_000 })
  await client.close()
  // A file whose upload was cut off each time.
  way.turn('open')
  await syncJournals({ settings })
  return receipt
}

/** What the server has, in a comparable form. */
function arrived(receipt: Receipt): object {
  const [run, ...others] = server.runs.values()
  return {
    dropped: receipt.dropped,
    otherRuns: others.length,
    steps: run?.metrics.map(({ step }) => step),
    status: run?.status,
    hasWeights: server.artifacts.get('1/run0/artifacts/weights')?.equals(WEIGHTS),
  }
}

const EVERYTHING_ONCE = {
  dropped: 0,
  otherRuns: 0,
  steps: Array.from({ length: POINTS + 1 }, (_, step) => step),
  status: 'FINISHED',
  hasWeights: true,
}

test.each<[string, DoorMode]>([
  ['is away', 'shut'],
  ['falls silent', 'silent'],
  ['cuts connections in the middle of its answer', { answerBytes: 90 }],
  ['cuts connections in the middle of a file', { requestBytes: 1_000_000 }],
])(
  'a server that %s again and again has everything in the end, once',
  { timeout: 120_000 },
  async (_, mood) => {
    expect(arrived(await train([mood, mood, mood, mood, mood]))).toEqual(EVERYTHING_ONCE)
  },
)

test('connections that are cut in the middle of TLS, in its handshake too, lose nothing', async () => {
  await using front = await startTlsFront(server.url, folder)
  await using cutting = await startDoor(front.url)
  const moods = [90, 400, 1200, 3000, 90].map((answerBytes): DoorMode => ({ answerBytes }))
  expect(arrived(await train(moods, cutting))).toEqual(EVERYTHING_ONCE)
})

test('a server that keeps failing is asked as often as the policy says, and then nobody waits', async () => {
  server.misbehave = () => 503
  const settings = testSettings(server.url, join(folder, 'spool'))
  const retry = { ...settings.retry, maxRetries: 3, maxDelayMs: 10 ** 6 }
  const client = new Client({ ...settings, retry }).on('warn', () => {})
  const run = client.startRun()
  run.log({ a: 1 })
  const receipt = await run.end({ timeoutMs: 60_000 })
  expect(receipt).toMatchObject({ spooled: 1, warnings: [expect.stringContaining('503')] })
  // The first attempt, three retries, and one more when a caller began to wait.
  expect(server.requests.length).toBeGreaterThanOrEqual(4)
  expect(server.requests.length).toBeLessThanOrEqual(5)
  await client.close({ timeoutMs: 0 })
})
