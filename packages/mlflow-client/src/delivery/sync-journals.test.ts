import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeCursor } from '../journal/cursor.ts'
import { Client } from '../run/client.ts'
import { startFakeMlflow, UNKNOWN_RUN, type FakeMlflow } from '../testing/fake-mlflow.ts'
import { testSettings } from '../testing/settings.ts'
import { listJournals } from './list-journals.ts'
import { syncJournals } from './sync-journals.ts'

let server: FakeMlflow
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>

beforeEach(async () => {
  server = await startFakeMlflow()
  folder = await mkdtempDisposable(join(tmpdir(), 'sync-'))
})
afterEach(async () => {
  await server[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

/** A run that ended while the server was away. */
async function leaveJournal(name: string): Promise<void> {
  server.misbehave = () => 503
  const client = new Client(testSettings(server.url, folder.path)).on('warn', () => {})
  const run = client.startRun({ name, params: { lr: 1 } })
  run.log({ a: 1 }, { step: 1 })
  run.text('hello', 'hello.txt')
  await run.end({ status: 'FAILED', timeoutMs: 10 })
  await client.close({ timeoutMs: 10 })
  server.misbehave = () => undefined
}

/** Train in another process and kill it; resolves to the steps it had accepted more than 50 ms before. */
async function trainAndKill(steps: number): Promise<number> {
  const program = join(import.meta.dirname, '../testing/logging-child.ts')
  const child = spawn(process.execPath, [program, server.url, folder.path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  await new Promise<void>((enough) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      if (output.split('\n').length > steps) enough()
    })
  })
  const killedAt = Date.now()
  child.kill('SIGKILL')
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return output.split('\n').filter((line) => line !== '' && Number(line.split(' ')[1]) < killedAt - 60).length
}

test('delivers what an ended program left, and removes it', async () => {
  await leaveJournal('left')
  const settings = testSettings(server.url, folder.path)
  const [synced, ...others] = await syncJournals({ settings })
  expect(others).toEqual([])
  expect(synced).toMatchObject({
    name: 'left',
    outcome: 'delivered',
    runId: 'run0',
    receipt: { delivered: 3, spooled: 0 },
  })
  expect(server.runs.get('run0')).toMatchObject({ status: 'FAILED', params: new Map([['lr', '1']]) })
  expect(server.artifacts.get('1/run0/artifacts/hello.txt')?.toString()).toBe('hello')
  expect(readdirSync(folder.path)).toEqual([])
  expect(await syncJournals({ settings })).toEqual([])
})

test.each(['server up', 'server away'])(
  'delivers what a killed program had accepted, once, and closes its run (%s)',
  async (mode) => {
    if (mode === 'server away') server.misbehave = () => 503
    const safe = await trainAndKill(300)
    server.misbehave = () => undefined
    const [synced] = await syncJournals({ settings: testSettings(server.url, folder.path) })
    expect(synced?.outcome).toBe('delivered')
    expect(server.runs.size).toBe(1)
    const run = server.runs.get('run0')
    expect(run?.status).toBe('KILLED')
    const steps = run?.metrics.map(({ step }) => step) ?? []
    expect(safe).toBeGreaterThan(100)
    expect(steps.length).toBeGreaterThanOrEqual(safe)
    expect(steps).toEqual(Array.from({ length: steps.length }, (_, step) => step))
  },
)

test('leaves alone what is still being written, and what belongs to another server', async () => {
  await leaveJournal('elsewhere')
  const client = new Client(testSettings(server.url, folder.path))
  const run = client.startRun({ name: 'running' })
  const settings = testSettings('http://127.0.0.1:9', folder.path)
  const outcomes = await syncJournals({ settings })
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['elsewhere', 'busy'])
  const here = await syncJournals({ settings: testSettings(server.url, folder.path) })
  expect(Object.fromEntries(here.map(({ name, outcome }) => [name, outcome]))).toEqual({
    elsewhere: 'delivered',
    running: 'busy',
  })
  expect(await run.end()).toMatchObject({ spooled: 0 })
  await client.close()
})

test('one run that cannot be delivered stops no other', async () => {
  for (const name of ['a', 'b', 'c']) await leaveJournal(name)
  let refused: unknown
  server.misbehave = ({ path, json }) => {
    if (path !== '/runs/create') return undefined
    refused ??= json.run_name
    return json.run_name === refused ? UNKNOWN_RUN : undefined
  }
  const settings = testSettings(server.url, folder.path)
  const first = await syncJournals({ settings })
  expect(first.map(({ outcome }) => outcome).toSorted()).toEqual(['delivered', 'delivered', 'left'])
  server.misbehave = () => undefined
  expect(await syncJournals({ settings })).toMatchObject([{ outcome: 'delivered', name: refused }])
})

test.each([
  ['beyond the end of the journal', { segment: 1, offset: 1_000_000 }],
  ['in a segment that never was', { segment: 9, offset: 12 }],
  ['after a segment that never was', { segment: 9, offset: 0 }],
  ['before the beginning', { segment: 0, offset: -1 }],
  ['between two numbers', { segment: 1, offset: 0.5 }],
])('a cursor %s counts as none: nothing is left out', async (_, cursor) => {
  await leaveJournal('left')
  const [waiting] = listJournals(folder.path)
  writeCursor(waiting?.folder ?? '', cursor)
  expect(listJournals(folder.path)).toMatchObject([{ waiting: 3 }])
  const synced = await syncJournals({ settings: testSettings(server.url, folder.path) })
  expect(synced).toMatchObject([{ outcome: 'delivered', receipt: { accepted: 3, delivered: 3 } }])
})

test.each(['000001.seg', '000002.seg'])(
  'a folder in the place of a segment (%s) is kept and named',
  async (name) => {
    await leaveJournal('left')
    const [waiting] = listJournals(folder.path)
    const path = join(waiting?.folder ?? '', name)
    rmSync(path, { force: true })
    mkdirSync(path)
    const synced = await syncJournals({ settings: testSettings(server.url, folder.path) })
    expect(synced).toMatchObject([{ outcome: 'left' }])
    expect(synced[0]?.receipt?.warnings.at(-1)).toContain(`${path} is not a file`)
    expect(listJournals(folder.path)).toMatchObject([{ name: 'left' }])
  },
)

test('a run whose name is a number, in plain JavaScript, is logged under it', async () => {
  const [name, experiment] = JSON.parse('[42, 7]')
  const client = new Client(testSettings(server.url, folder.path)).on('warn', () => {})
  server.misbehave = () => 503
  const run = client.startRun({ name, experiment })
  run.log({ a: 1 })
  await client.close({ timeoutMs: 10 })
  server.misbehave = () => undefined
  const synced = await syncJournals({ settings: testSettings(server.url, folder.path) })
  expect(synced).toMatchObject([
    { name: '42', experiment: '7', outcome: 'delivered', receipt: { delivered: 1 } },
  ])
})

test('several syncs of one spool at once deliver every run once, and none of them fails', async () => {
  const names = Array.from({ length: 6 }, (_, number) => `run ${number}`)
  for (const name of names) await leaveJournal(name)
  const settings = testSettings(server.url, folder.path)
  // Each lists the journals before any of them is delivered.
  const syncs = await Promise.all([1, 2, 3].map(() => syncJournals({ settings })))
  const delivered = syncs.flat().filter(({ outcome }) => outcome === 'delivered')
  expect(delivered.map(({ name }) => name).toSorted()).toEqual(names)
  expect(new Set(syncs.flat().map(({ outcome }) => outcome))).toEqual(new Set(['delivered', 'busy']))
  expect(server.runs.size).toBe(names.length)
  expect(readdirSync(folder.path)).toEqual([])
})

test('gives up on a server that stays away when its time is over', async () => {
  await leaveJournal('waiting')
  server.misbehave = () => 503
  const synced = await syncJournals({ settings: testSettings(server.url, folder.path), timeoutMs: 30 })
  expect(synced).toMatchObject([{ outcome: 'left' }])
  expect(listJournals(folder.path)).toMatchObject([{ name: 'waiting', waiting: 3 }])
})

test('finds nothing where there is no spool folder', async () => {
  expect(await syncJournals({ settings: testSettings(server.url, '/no/such/folder') })).toEqual([])
})

test('works on several journals at once: one that cannot get on holds up no other', async () => {
  for (const name of ['stuck', 'a', 'b', 'c', 'd', 'e']) await leaveJournal(name)
  const others = Promise.withResolvers<void>()
  server.hold = async ({ path, json }) => {
    if (path === '/runs/create' && json.run_name === 'stuck') await others.promise
    const delivered = [...server.runs.values()].filter(({ status }) => status === 'FAILED')
    if (delivered.length === 4) others.resolve()
  }
  const runs = await syncJournals({ settings: testSettings(server.url, folder.path) })
  expect(runs.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 6 }, () => 'delivered'))
})

test('waits for a server that is away once, not for each of its journals', async () => {
  for (let index = 0; index < 20; index += 1) await leaveJournal(`run ${index}`)
  server.misbehave = () => 503
  const runs = await syncJournals({ settings: testSettings(server.url, folder.path), timeoutMs: 1e7 })
  expect(runs.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 20 }, () => 'left'))
})
