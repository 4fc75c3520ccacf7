import { appendFile, mkdir, mkdtempDisposable, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { encodeScalars } from './encode-event.ts'
import { LogFolder, type LogFolderOptions, type UnreadableFile } from './log-folder.ts'
import { frameRecord } from './tf-record.ts'

let folder: Awaited<ReturnType<typeof mkdtempDisposable>>
let unreadable: UnreadableFile[]

beforeEach(async () => {
  unreadable = []
  folder = await mkdtempDisposable(join(tmpdir(), 'log-folder-'))
})
afterEach(() => folder[Symbol.asyncDispose]())

const record = (step: number): Buffer => frameRecord(encodeScalars({ a: step }, { step, timestampMs: 1 }))
const open = (options: Partial<LogFolderOptions> = {}): LogFolder =>
  new LogFolder(folder.path, { onUnreadable: (file) => unreadable.push(file), ...options })

async function steps(files: LogFolder): Promise<[string, number[]][]> {
  const chunks = await Array.fromAsync(files.read())
  return chunks.map((chunk) => [chunk.folder, chunk.events.map(({ step }) => step)])
}

async function write(path: string, ...records: readonly Buffer[]): Promise<void> {
  const place = join(folder.path, path)
  await mkdir(join(place, '..'), { recursive: true })
  await appendFile(place, Buffer.concat(records))
}

test('reads several files of several folders at the same time, and files that come later', async () => {
  const files = open()
  expect(await steps(files)).toEqual([])
  await write('events.out.tfevents.1.h', record(1))
  await write('sub/deep/events.out.tfevents.3.h', record(2))
  await write('model.ckpt', record(99))
  expect(await steps(files)).toEqual([
    ['', [1]],
    ['sub/deep', [2]],
  ])
  await write('events.out.tfevents.1.h', record(3))
  await write('events.out.tfevents.2.h', record(4))
  await write('sub/deep/events.out.tfevents.3.h', record(5))
  expect(await steps(files)).toEqual([
    ['', [3]],
    ['', [4]],
    ['sub/deep', [5]],
  ])
})

test('leaves files of earlier trainings alone until they grow', async () => {
  await write('events.out.tfevents.1.h', record(1))
  await utimes(join(folder.path, 'events.out.tfevents.1.h'), 1000, 1000)
  const files = open({ sinceMs: 2_000_000 })
  expect(await steps(files)).toEqual([])
  await write('events.out.tfevents.1.h', record(2))
  expect(await steps(files)).toEqual([['', [1, 2]]])
})

test('goes on with the others when a file is damaged or refused, and says so once', async () => {
  const damaged = Buffer.from(record(1))
  damaged.writeUInt8(1, 3)
  await write('events.out.tfevents.1.h', damaged)
  await write('events.out.tfevents.2.h', record(2))
  const files = open({ patienceMs: 0 })
  expect(await steps(files)).toEqual([['', [2]]])
  expect(await steps(files)).toEqual([])
  expect(unreadable).toEqual([
    { path: join(folder.path, 'events.out.tfevents.1.h'), why: 'its checksum at byte 0 is wrong' },
  ])
})

test('waits for a folder that does not exist, and outlives one that goes away', async () => {
  await rm(folder.path, { recursive: true })
  const files = open()
  expect(await steps(files)).toEqual([])
  await write('events.out.tfevents.1.h', record(1))
  expect(await steps(files)).toEqual([['', [1]]])
  await rm(folder.path, { recursive: true })
  expect(await steps(files)).toEqual([])
  expect(unreadable).toEqual([])
  await mkdir(folder.path)
})

test('says why a log folder that is no folder gives nothing', async () => {
  const path = join(folder.path, 'file')
  await writeFile(path, '')
  const files = new LogFolder(path, { onUnreadable: (file) => unreadable.push(file) })
  expect(await steps(files)).toEqual([])
  expect(unreadable).toEqual([{ path, why: expect.stringContaining('ENOTDIR') }])
})
