import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { syncJournals } from '../delivery/sync-journals.ts'
import { startFakeMlflow } from '../testing/fake-mlflow.ts'
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
  expect(uploads()).toEqual(['000001.sent', '000002.sent', '000003'])
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
  // Where the file system copies without taking room, the first one is what it was.
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
