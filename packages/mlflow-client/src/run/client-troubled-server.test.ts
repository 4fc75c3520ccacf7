import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitUntil } from '@soen/testbed'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ClientError } from '../errors/client-error.ts'
import { startFakeMlflow, UNKNOWN_RUN, type FakeMlflow, type FakeRun } from '../testing/fake-mlflow.ts'
import { testSettings } from '../testing/settings.ts'
import { Client, init, type StateChange } from './client.ts'

let server: FakeMlflow
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>
let client: Client
let warnings: ClientError[]
let states: StateChange[]

beforeEach(async () => {
  server = await startFakeMlflow()
  folder = await mkdtempDisposable(join(tmpdir(), 'client-'))
  client = listening(new Client(testSettings(server.url, join(folder.path, 'spool'))))
})
afterEach(async () => {
  await client.close({ timeoutMs: 100 })
  await server[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

function listening(made: Client): Client {
  warnings = []
  states = []
  return made.on('warn', (warning) => warnings.push(warning)).on('state', (change) => states.push(change))
}

function onlyRun(): FakeRun {
  expect(server.runs.size).toBe(1)
  const [run] = server.runs.values()
  if (run === undefined) throw new Error('no run')
  return run
}

function spooled(): string[] {
  const spool = join(folder.path, 'spool')
  return existsSync(spool) ? readdirSync(spool).filter((name) => !name.startsWith('server-')) : []
}

describe('a misbehaving server', () => {
  test('that fails now and then gets everything in the end, once', async () => {
    const faults = [500, 'reset', 503, 429, 'lost', 502, 'html'] as const
    server.misbehave = (_, index) => (index % 5 < 2 ? faults[index % faults.length] : undefined)
    const run = client.startRun({ params: { lr: 1 } })
    for (let step = 0; step < 3000; step += 1) run.log({ a: step }, { step })
    run.text('x', 'x.txt')
    const receipt = await run.end()
    expect(receipt).toMatchObject({ delivered: receipt.accepted, spooled: 0, dropped: 0 })
    expect(onlyRun().metrics).toHaveLength(3000)
    expect(states.map(({ state }) => state)).toContain('offline')
    expect(states.at(-1)?.state).toBe('online')
  })

  test('that loses the answer to the creation gets one run', async () => {
    let creations = 0
    server.misbehave = ({ path }) => (path === '/runs/create' && (creations += 1) === 1 ? 'lost' : undefined)
    await client.startRun().end()
    expect(onlyRun().status).toBe('FINISHED')
    expect(creations).toBe(1)
  })

  test('that makes a run long after it was asked for it keeps one run', async () => {
    let creations = 0
    server.misbehave = ({ path }) => (path === '/runs/create' && (creations += 1) === 1 ? 'late' : undefined)
    const run = client.startRun()
    while (server.runs.size < 2) await new Promise(setImmediate)
    await run.end()
    const [kept, ...others] = [...server.runs.values()].filter(({ isDeleted }) => !isDeleted)
    expect([kept?.id, kept?.status, others]).toEqual([run.remote?.runId, 'FINISHED', []])
  })

  test('that refuses the password is asked again later, with one warning', async () => {
    server.misbehave = (_, index) => (index < 1 ? 401 : undefined)
    const run = client.startRun()
    run.log({ a: 1 })
    while (!states.some(({ state }) => state === 'auth-paused')) await new Promise(setImmediate)
    const receipt = await run.end()
    expect(receipt).toMatchObject({ delivered: 1, spooled: 0 })
    expect(warnings.map(({ code }) => code)).toEqual(['SOEN_AUTH_REJECTED'])
    expect(states.map(({ state }) => state)).toEqual(['auth-paused', 'online'])
  })

  test('that refuses the password gets the one that was mended in the training file meanwhile', async () => {
    const path = join(folder.path, 'train.yaml')
    const block = (password: string) =>
      `logging:\n  mlflow_active: true\n  mlflow_tracking_uri: ${server.url}\n  mlflow_password: ${password}\n`
    await writeFile(path, block('wrong'))
    const right = `Basic ${Buffer.from('admin:right').toString('base64')}`
    server.misbehave = ({ headers }) => (headers.authorization === right ? undefined : 401)
    const made = listening(await init({ config: path, env: {}, spoolDir: join(folder.path, 'spool') }))
    const run = made.startRun()
    run.log({ a: 1 })
    expect(await run.flush()).toMatchObject({
      spooled: 1,
      warnings: [expect.stringContaining('SOEN_AUTH_REJECTED')],
    })
    await writeFile(path, block('right'))
    // Each wait is also an attempt; the first refused one makes the client reread the file.
    while ((await run.flush()).spooled > 0) await new Promise(setImmediate)
    expect(await run.end()).toMatchObject({ delivered: 1, dropped: 0 })
    expect(warnings).toHaveLength(1)
    await made.close()
  })

  test('that finds bodies too large gets smaller ones', async () => {
    server.misbehave = ({ body }) => (body.length > 20_000 ? 413 : undefined)
    const run = client.startRun()
    for (let step = 0; step < 1000; step += 1) run.log({ a: step }, { step })
    expect(await run.end()).toMatchObject({ delivered: 1000, dropped: 0 })
    expect(onlyRun().metrics).toHaveLength(1000)
  })

  test('that rejects single items gets all others; the rejected are kept and named', async () => {
    const run = client.startRun({ params: { lr: 1 } })
    run.params({ lr: 2 })
    for (let step = 0; step < 100; step += 1)
      run.log({ good: step, [step === 50 ? 'poison' : 'fine']: 1 }, { step })
    run.log({ vague: 1 })
    const receipt = await run.end()
    expect(receipt).toMatchObject({ delivered: receipt.accepted - 3, dropped: 3, spooled: 0 })
    expect(onlyRun().metrics).toHaveLength(199)
    expect(onlyRun().params.get('lr')).toBe('1')
    const dead = readFileSync(join(folder.path, 'spool', run.id, 'dead.jsonl'), 'utf8')
      .trim()
      .split('\n')
    expect(dead.map((line) => JSON.parse(line).name).toSorted(byText)).toEqual(['lr', 'poison', 'vague'])
    expect(new Set(warnings.map(({ code }) => code))).toEqual(new Set(['SOEN_ITEM_REJECTED']))
  })

  test('that knows the run no longer parks it: the journal stays', async () => {
    const run = client.startRun()
    await run.flush()
    server.misbehave = ({ path }) => (path === '/runs/log-batch' ? UNKNOWN_RUN : undefined)
    run.log({ a: 1 })
    expect(await run.end()).toMatchObject({ delivered: 0, spooled: 1, dropped: 0 })
    expect(states.at(-1)?.state).toBe('parked')
    expect(spooled()).toEqual([run.id])
    // Somebody restores it.
    server.misbehave = () => undefined
    await waitUntil(() => spooled().length === 0)
    expect([...server.runs.values()]).toMatchObject([{ status: 'FINISHED', metrics: [{ key: 'a' }] }])
    expect(states.at(-1)?.state).toBe('online')
  })

  test.each([
    [400, { error_code: 'BAD_REQUEST', message: 'QueuePool limit of size 5 overflow 10 reached' }],
    [400, '<html>Bad request</html>'],
    [403, '<html>Forbidden</html>'],
    [404, '<html>default backend - 404</html>'],
    [413, '<html>Request Entity Too Large</html>'],
    [521, '<html>Web server is down</html>'],
    [200, '<html>Please sign in</html>'],
    [200, { login: 'https://portal.example' }],
  ])(
    'that answers %i %j for a while costs nothing, and the run takes its work up by itself',
    async (status, body) => {
      const run = client.startRun({ params: { lr: 1, depth: 2 }, tags: { t: 'x' } })
      await run.flush()
      // Each kind of request meets it twice.
      const seen = new Map<string, number>()
      server.misbehave = ({ method, path }) => {
        const kind = method === 'PUT' ? method : path
        // A file that is too large is set aside.
        if (kind === 'PUT' && status === 413) return undefined
        seen.set(kind, (seen.get(kind) ?? 0) + 1)
        return (seen.get(kind) ?? 0) > 2 ? undefined : { status, body }
      }
      for (let step = 0; step < 5; step += 1) run.log({ a: step }, { step })
      run.params({ later: 1 })
      run.text('hi', 'notes.md')
      expect(await run.flush()).toMatchObject({ spooled: 0, dropped: 0 })
      expect(await run.end()).toMatchObject({ spooled: 0, dropped: 0 })
      const [stored] = server.runs.values()
      expect([stored?.metrics.length, stored?.params.size, stored?.status]).toEqual([5, 3, 'FINISHED'])
      expect([...server.artifacts.values()].map(String)).toEqual(['hi'])
    },
  )

  test('that is away is not waited for beyond the time given', async () => {
    server.misbehave = () => 503
    const run = client.startRun()
    run.log({ a: 1 })
    const receipt = await run.end({ timeoutMs: 20 })
    expect(receipt).toMatchObject({ delivered: 0, spooled: 1 })
    expect(spooled()).toEqual([run.id])
  })
})

function byText(a: string, b: string): number {
  return a.localeCompare(b)
}
