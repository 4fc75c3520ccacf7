import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { utimesSync, writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CatchUp } from '../delivery/catch-up.ts'
import { listJournals } from '../delivery/list-journals.ts'
import { thisProcess } from '../node/owner.ts'
import { startFakeMlflow, type FakeMlflow } from '../testing/fake-mlflow.ts'
import { testSettings } from '../testing/settings.ts'
import { Client, init, type InitOptions } from './client.ts'

let server: FakeMlflow
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>

beforeEach(async () => {
  server = await startFakeMlflow()
  folder = await mkdtempDisposable(join(tmpdir(), 'catch-up-'))
})
afterEach(async () => {
  await server[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

/** A job that logs some steps; from the middle on the server is away. */
async function leave(steps: number): Promise<void> {
  const client = new Client(testSettings(server.url, folder.path)).on('warn', () => {})
  const run = client.startRun({ resumeKey: 'job' })
  for (let step = 0; step < steps; step += 1) {
    if (step === steps / 2) {
      await run.flush()
      server.misbehave = () => 503
    }
    run.log({ a: step }, { step })
  }
  await client.close({ timeoutMs: 10 })
  server.misbehave = () => undefined
  expect(listJournals(folder.path)).toMatchObject([{ waiting: steps / 2 }])
}

async function next(options: InitOptions = {}): Promise<Client> {
  const { url: trackingUri } = server
  const client = await init({ env: {}, trackingUri, spoolDir: folder.path, experiment: 'tests', ...options })
  return client.on('warn', () => {})
}

function stepsOf(run: string): number[] {
  return server.runs.get(run)?.metrics.map(({ step }) => step) ?? []
}

test('the next program delivers what a former one left, and closes its run', async () => {
  await leave(10)
  await using _ = await next()
  for (let tries = 0; tries < 1000 && listJournals(folder.path).length > 0; tries += 1) await setTimeout(5)
  expect(stepsOf('run0')).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect(server.runs.get('run0')?.status).toBe('KILLED')
})

test('what may belong to a program of another host is delivered when that has given no sign of life', async () => {
  await leave(10)
  const [left] = listJournals(folder.path)
  const lock = join(left?.folder ?? '', 'lock')
  writeFileSync(lock, JSON.stringify({ ...thisProcess(), boot: 'another host', machine: 'another host' }))
  const closing = new AbortController()
  const settings = testSettings(server.url, folder.path)
  const first = new CatchUp({ settings, signal: closing.signal }, 5)
  await first.recordsOf('job')
  expect(listJournals(folder.path)).toMatchObject([{ waiting: 5, isBusy: true }])
  utimesSync(lock, 0, 0)
  for (let tries = 0; tries < 1000 && listJournals(folder.path).length > 0; tries += 1) await setTimeout(5)
  closing.abort()
  expect(stepsOf('run0')).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
})

test('a job goes on only when all that its former process left is there, and no step is doubled', async () => {
  await leave(10)
  await using client = await next()
  const run = client.startRun({ resumeKey: 'job' })
  for (let step = 3; step < 14; step += 1) run.log({ a: step + 0.5 }, { step })
  await run.end()
  expect(stepsOf('run0')).toEqual(Array.from({ length: 14 }, (_, step) => step))
  expect([server.runs.size, server.runs.get('run0')?.status]).toEqual([1, 'FINISHED'])
})

test.each<[string, InitOptions]>([
  ['the caller', { catchUp: false }],
  ['SOEN_CATCH_UP', { env: { SOEN_CATCH_UP: 'false' } }],
])('does nothing of it where %s says so', async (_, options) => {
  await leave(10)
  const before = server.requests.length
  await using client = await next(options)
  await client.startRun().end()
  expect(listJournals(folder.path)).toHaveLength(1)
  expect(server.requests.slice(before).filter(({ json }) => json.run_id === 'run0')).toEqual([])
})

test('what is left holds up no program while the server is away', async () => {
  await leave(10)
  server.misbehave = () => 503
  const options = { env: {}, trackingUri: server.url, spoolDir: folder.path }
  const code = `import { init } from ${JSON.stringify(join(import.meta.dirname, 'client.ts'))}
await init(${JSON.stringify(options)})`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], { stdio: 'ignore' })
  await once(child, 'exit')
  expect(child.exitCode).toBe(0)
  expect(listJournals(folder.path)).toMatchObject([{ waiting: 5, isBusy: false }])
})

describe('a journal whose file the server does not store', () => {
  test('holds up neither the job that goes on nor its overlap', async () => {
    server.misbehave = ({ method }) => (method === 'PUT' ? 500 : undefined)
    const client = new Client(testSettings(server.url, folder.path)).on('warn', () => {})
    const former = client.startRun({ resumeKey: 'job' })
    former.text('weights', 'broken.ckpt')
    for (let step = 0; step < 5; step += 1) former.log({ a: step }, { step })
    await client.close()
    expect(listJournals(folder.path)).toMatchObject([{ waiting: 1, isBusy: false }])

    await using second = await next()
    const run = second.startRun({ resumeKey: 'job' })
    for (let step = 3; step < 8; step += 1) run.log({ a: step }, { step })
    expect(await run.end()).toMatchObject({ spooled: 0 })
    expect(stepsOf('run0')).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect([server.runs.size, server.runs.get('run0')?.status]).toEqual([1, 'FINISHED'])
  })

  test('does not make a job wait that has another key', async () => {
    const held = Promise.withResolvers<void>()
    await leave(10)
    server.hold = async ({ json }) => {
      if (json.run_id === 'run0') await held.promise
    }
    await using client = await next()
    const run = client.startRun({ resumeKey: 'another job' })
    run.log({ a: 1 })
    expect(await run.end()).toMatchObject({ spooled: 0 })
    held.resolve()
  })
})
