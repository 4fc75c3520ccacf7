import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { waitUntil } from '@soen/testbed'
import type { ClientError } from '../errors/client-error.ts'
import { syncJournals } from '../delivery/sync-journals.ts'
import { listJournals } from '../delivery/list-journals.ts'
import { REFUSED_ITEM, startFakeMlflow, type FakeMlflow } from '../testing/fake-mlflow.ts'
import { testSettings } from '../testing/settings.ts'
import { Client } from './client.ts'

test('a file that was sent before the program ended is not sent again, and gives its room back at once', async () => {
  await using server = await startFakeMlflow()
  await using folder = await mkdtempDisposable(join(tmpdir(), 'sent-'))
  server.misbehave = ({ path }) => (path.endsWith('third.ckpt') ? 503 : undefined)
  const settings = testSettings(server.url, join(folder.path, 'spool'))
  const client = new Client(settings).on('warn', () => {})
  const run = client.startRun()
  for (const name of ['first', 'second', 'third']) {
    const path = join(folder.path, name)
    writeFileSync(path, name)
    run.artifact(path, { as: `${name}.ckpt` })
  }
  run.log({ loss: 1 })
  await run.flush()
  const uploads = (): string[] => readdirSync(join(run.journalFolder ?? '', 'uploads'))
  // The third is kept, with a note of what it is and why it waits.
  expect(uploads()).toEqual(['000003', expect.stringMatching(/^[0-9a-f]{16}\.todo$/)])
  await client.close({ timeoutMs: 0 })

  server.misbehave = () => undefined
  expect(await syncJournals({ settings })).toMatchObject([{ outcome: 'delivered', receipt: { dropped: 0 } }])
  const puts = server.requests.flatMap(({ method, path }) =>
    method === 'PUT' ? [path.split('/').at(-1)] : [],
  )
  expect(puts.filter((name) => name !== 'third.ckpt')).toEqual(['first.ckpt', 'second.ckpt'])
  expect([...server.artifacts.values()].map(String)).toEqual(['first', 'second', 'third'])
  expect(readdirSync(settings.spoolDir)).toEqual([])
})

/** Too large to be copied while the training waits. */
const LARGE_BYTES = 9 * 1024 * 1024

test('files handed over may be deleted at once, also where the spool is on another file system', async () => {
  await using server = await startFakeMlflow()
  await using folder = await mkdtempDisposable(join(tmpdir(), 'files-'))
  await using spool = await mkdtempDisposable(join('/dev/shm', 'files-'))
  await using client = new Client(testSettings(server.url, spool.path))
  const run = client.startRun()
  const contents = Array.from({ length: 60 }, (_, number) =>
    Buffer.alloc(number % 20 === 0 ? LARGE_BYTES : 1000, `content ${number}`),
  )
  for (const [number, content] of contents.entries()) {
    const path = join(folder.path, 'model.ckpt')
    writeFileSync(path, content)
    run.artifact(path, { as: `${number}.ckpt` })
    rmSync(path)
  }
  expect(await run.end()).toMatchObject({ delivered: 60, dropped: 0, warnings: [] })
  for (const [number, content] of contents.entries())
    expect(server.artifacts.get(`1/run0/artifacts/${number}.ckpt`)?.equals(content)).toBe(true)
})

test('a large file that is overwritten in place between two hand-overs is not sent twice without a word', async () => {
  await using server = await startFakeMlflow()
  await using folder = await mkdtempDisposable(join(tmpdir(), 'files-'))
  const codes: string[] = []
  await using client = new Client(testSettings(server.url, join(folder.path, 'spool')))
  client.on('warn', ({ code }) => codes.push(code))
  server.misbehave = () => 503
  const run = client.startRun()
  const path = join(folder.path, 'model.ckpt')
  for (const step of [1, 2]) {
    writeFileSync(path, Buffer.alloc(LARGE_BYTES + step, `step ${step}`))
    run.artifact(path, { as: `${step}.ckpt` })
  }
  server.misbehave = () => undefined
  await run.end()
  const isWhole = server.artifacts.get('1/run0/artifacts/1.ckpt')?.length === LARGE_BYTES + 1
  // Where the file system can clone files, the first one is unchanged.
  expect(codes.includes('SOEN_ARTIFACT_CHANGED')).toBe(!isWhole)
  expect(server.artifacts.get('1/run0/artifacts/2.ckpt')).toHaveLength(LARGE_BYTES + 2)
})

test('a text arrives although the spool folder cannot be written', async () => {
  await using server = await startFakeMlflow()
  await using folder = await mkdtempDisposable(join(tmpdir(), 'files-'))
  writeFileSync(join(folder.path, 'no folder'), '')
  await using client = new Client(testSettings(server.url, join(folder.path, 'no folder', 'spool')))
  client.on('warn', () => {})
  const run = client.startRun()
  run.text('what was seen', 'notes/a.md')
  expect(await run.end()).toMatchObject({ accepted: 1, delivered: 1, dropped: 0 })
  expect(server.artifacts.get('1/run0/artifacts/notes/a.md')?.toString()).toBe('what was seen')
})

const failing =
  (fault: ReturnType<FakeMlflow['misbehave']>, ...names: string[]): FakeMlflow['misbehave'] =>
  ({ method, path }) =>
    method === 'PUT' && names.some((name) => path.endsWith(name)) ? fault : undefined

describe('a file that the server does not store', () => {
  let server: FakeMlflow
  let folder: Awaited<ReturnType<typeof mkdtempDisposable>>
  let client: Client
  let warnings: ClientError[]

  beforeEach(async () => {
    warnings = []
    server = await startFakeMlflow()
    folder = await mkdtempDisposable(join(tmpdir(), 'aside-'))
    client = new Client(testSettings(server.url, folder.path)).on('warn', (warning) => warnings.push(warning))
  })
  afterEach(async () => {
    await client.close({ timeoutMs: 0 })
    await server[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })

  /** What arrived, by path. */
  const stored = (): Record<string, string> =>
    Object.fromEntries(
      Array.from(server.artifacts, ([path, bytes]) => [path.replace(/^.*\/artifacts\//, ''), String(bytes)]),
    )
  const tries = (name: string): number => server.requests.filter(({ path }) => path.endsWith(name)).length
  const sync = async (): ReturnType<typeof syncJournals> =>
    await syncJournals({ settings: testSettings(server.url, folder.path) })

  test.each<[string, ReturnType<FakeMlflow['misbehave']>, number]>([
    ['a store that is broken', { status: 500, body: 'Internal Server Error' }, 5],
    ['a right that is missing', { status: 403, body: { error_code: 'PERMISSION_DENIED', message: 'no' } }, 5],
    ['a gateway that cuts it off', 'reset', 5],
    ['a gateway that always takes too long', 504, 5],
    ['a login page', 'html', 5],
    ['its size', { status: 413, body: '<html>Request Entity Too Large</html>' }, 1],
    ['its name', REFUSED_ITEM, 1],
  ])(
    'because of %s stands aside, is named and kept, and is tried again by the next sync',
    async (_, fault, times) => {
      server.misbehave = failing(fault, 'bad.bin')
      const run = client.startRun()
      run.text('before', 'before.txt')
      run.text('bad', 'bad.bin')
      run.text('after', 'after.txt')
      run.log({ loss: 1 })
      const receipt = await run.end()
      expect(receipt).toMatchObject({ accepted: 4, delivered: 3, spooled: 1, dropped: 0 })
      expect(server.runs.get('run0')).toMatchObject({ status: 'FINISHED', metrics: [{ value: 1 }] })
      expect(stored()).toEqual({ 'before.txt': 'before', 'after.txt': 'after' })
      expect(tries('bad.bin')).toBe(times)

      const warning = warnings.find(({ code }) => code === 'SOEN_ARTIFACT_WAITS')
      expect(warning?.message).toContain('"bad.bin"')
      expect(readFileSync(warning?.hint.split(' ').at(-1) ?? '', 'utf8')).toBe('bad')
      expect(listJournals(folder.path)).toMatchObject([{ waiting: 1, isBusy: false }])

      expect(await sync()).toMatchObject([{ outcome: 'left', receipt: { accepted: 1, spooled: 1 } }])
      server.misbehave = () => undefined
      expect(await sync()).toMatchObject([{ outcome: 'delivered', receipt: { accepted: 1, delivered: 1 } }])
      expect(stored()).toMatchObject({ 'bad.bin': 'bad' })
      expect(server.runs.get('run0')?.status).toBe('FINISHED')
      expect(readdirSync(folder.path)).toEqual([])
    },
  )

  test('does not cost each of the others all its tries where the store is broken for all', async () => {
    server.misbehave = failing(500, '.bin')
    const run = client.startRun()
    for (let index = 0; index < 6; index += 1) run.text('x', `${index}.bin`)
    expect(await run.end()).toMatchObject({ spooled: 6 })
    expect(server.requests.filter(({ method }) => method === 'PUT')).toHaveLength(5 + 5)
    expect(server.runs.get('run0')?.status).toBe('FINISHED')
  })

  test('is not overtaken by what belongs to it, and comes after nothing that replaced it', async () => {
    server.misbehave = failing(500, '.ckpt', 'log.txt')
    const run = client.startRun()
    run.text('weights', 'best.ckpt')
    run.text('side-car', 'best.soen')
    run.text('old', 'log.txt')
    await run.flush()
    expect(stored()).toEqual({})
    server.misbehave = failing(500, '.ckpt')
    run.text('new', 'log.txt')
    expect(await run.end()).toMatchObject({ spooled: 2, dropped: 0 })
    expect(stored()).toEqual({ 'log.txt': 'new' })
    server.misbehave = () => undefined
    const mark = server.requests.length
    await sync()
    expect(stored()).toEqual({ 'log.txt': 'new', 'best.ckpt': 'weights', 'best.soen': 'side-car' })
    const puts = server.requests.slice(mark).filter(({ method }) => method === 'PUT')
    expect(puts.map(({ path }) => path.split('/').at(-1))).toEqual(['best.ckpt', 'best.soen'])
  })

  test('while it is on its way, charts go on', async () => {
    const held = Promise.withResolvers<void>()
    const isOnItsWay = Promise.withResolvers<void>()
    server.hold = async ({ method }) => {
      if (method !== 'PUT') return
      isOnItsWay.resolve()
      await held.promise
    }
    const run = client.startRun()
    run.text('two gigabytes', 'large.bin')
    await run.flush({ timeoutMs: 1 })
    await isOnItsWay.promise
    for (let step = 0; step < 3; step += 1) {
      run.log({ loss: step }, { step })
      await run.flush({ timeoutMs: 1 })
      await waitUntil(() => server.runs.get('run0')?.metrics.length === step + 1)
    }
    const ended = run.end()
    await new Promise(setImmediate)
    expect(server.runs.get('run0')?.status).toBe('RUNNING')
    held.resolve()
    expect(await ended).toMatchObject({ spooled: 0 })
    expect([stored(), server.runs.get('run0')?.status]).toEqual([
      { 'large.bin': 'two gigabytes' },
      'FINISHED',
    ])
  })

  test('costs no try while the server is away', async () => {
    const run = client.startRun()
    await run.flush()
    // More often than a file is tried: away when the file is sent, and still when the server's health is checked.
    let outages = 7
    let isAway = false
    server.misbehave = ({ method }) => {
      if (method === 'PUT') isAway = outages > 0
      else if (isAway) {
        isAway = false
        outages -= 1
        return 503
      }
      return isAway ? 503 : undefined
    }
    run.text('x', 'x.bin')
    expect(await run.end()).toMatchObject({ spooled: 0 })
    expect(outages).toBe(0)
    expect(warnings.map(({ code }) => code)).not.toContain('SOEN_ARTIFACT_WAITS')
  })
})
