import { appendFile, mkdtempDisposable, readFile, rename, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { encodeScalars } from './encode-event.ts'
import { TfEventReader, type TfEventReaderOptions } from './event-reader.ts'
import { TfEventWriter } from './event-writer.ts'
import { bytesField } from './protobuf.ts'
import { frameRecord } from './tf-record.ts'

let folder: Awaited<ReturnType<typeof mkdtempDisposable>>
let path: string

beforeEach(async () => {
  folder = await mkdtempDisposable(join(tmpdir(), 'events-'))
  path = join(folder.path, 'events.out.tfevents.1.host')
})
afterEach(() => folder[Symbol.asyncDispose]())

const record = (step: number): Buffer => frameRecord(encodeScalars({ a: step }, { step, timestampMs: 1 }))

async function stepsOf(reader: TfEventReader): Promise<number[]> {
  const steps: number[] = []
  for (let events = await reader.read(); events !== undefined; events = await reader.read()) {
    steps.push(...events.map(({ step }) => step))
  }
  return steps
}

describe('a file that grows', () => {
  test('is read to its end again and again, each event once', async () => {
    const reader = new TfEventReader(path)
    await writeFile(path, record(1))
    expect(await stepsOf(reader)).toEqual([1])
    expect(await stepsOf(reader)).toEqual([])
    await appendFile(path, Buffer.concat([record(2), record(3)]))
    expect(await stepsOf(reader)).toEqual([2, 3])
  })

  test('is read whole wherever a write is torn', async () => {
    const whole = Buffer.concat([record(1), record(2)])
    for (let cut = 0; cut <= whole.length; cut += 1) {
      await writeFile(path, whole.subarray(0, cut))
      const reader = new TfEventReader(path, { patienceMs: 0 })
      const before = await stepsOf(reader)
      await appendFile(path, whole.subarray(cut))
      expect([...before, ...(await stepsOf(reader))]).toEqual([1, 2])
    }
  })

  test('is read through records larger than what is read at once', async () => {
    const image = frameRecord(bytesField(99, Buffer.alloc(3_000_000)))
    await writeFile(path, Buffer.concat([record(1), image, record(2)]))
    expect(await stepsOf(new TfEventReader(path))).toEqual([1, 0, 2])
  })

  test('is read to the last of very many events', async () => {
    const steps = Array.from({ length: 60_000 }, (_, step) => step)
    await writeFile(path, Buffer.concat(steps.map(record)))
    expect(await stepsOf(new TfEventReader(path))).toEqual(steps)
  })
})

describe('a wrong checksum', () => {
  const damaged = Buffer.from(record(2))
  damaged.writeUInt8(0, damaged.length - 1)
  let clock = 0
  const options: TfEventReaderOptions = { patienceMs: 30_000, now: () => clock }

  beforeEach(async () => {
    clock = 0
    await writeFile(path, Buffer.concat([record(1), damaged, record(3)]))
  })

  test('may be a write in progress: it is waited for', async () => {
    const reader = new TfEventReader(path, options)
    expect(await stepsOf(reader)).toEqual([1])
    clock = 29_999
    expect(await stepsOf(reader)).toEqual([])
    expect(reader.isParked).toBe(false)
    await writeFile(path, Buffer.concat([record(1), record(2), record(3)]))
    expect(await stepsOf(reader)).toEqual([2, 3])
  })

  test('that stays wrong costs its record, and no other', async () => {
    const reader = new TfEventReader(path, options)
    await stepsOf(reader)
    clock = 30_000
    expect(await stepsOf(reader)).toEqual([3])
    expect([reader.isParked, reader.damaged]).toEqual([false, 1])
    await appendFile(path, Buffer.concat([damaged, damaged, record(4)]))
    clock = 30_001
    expect(await stepsOf(reader)).toEqual([])
    clock = 60_001
    await stepsOf(reader)
    clock = 90_001
    expect(await stepsOf(reader)).toEqual([4])
    expect(reader.damaged).toBe(3)
  })

  describe('of a length', () => {
    const unmeasurable = Buffer.from(record(2))
    unmeasurable.writeUInt8(255, 0)

    beforeEach(async () => {
      await writeFile(path, Buffer.concat([record(1), unmeasurable, record(3)]))
    })

    test('parks the file where it stands: nobody knows where the next record begins', async () => {
      const reader = new TfEventReader(path, options)
      await stepsOf(reader)
      clock = 30_000
      expect(await stepsOf(reader)).toEqual([])
      expect([reader.isParked, reader.offset]).toEqual([true, record(1).length])
      await writeFile(path, Buffer.concat([record(1), record(2), record(3)]))
      expect(await stepsOf(reader)).toEqual([])
    })

    test('says nothing about another file that takes its place', async () => {
      const reader = new TfEventReader(path, { patienceMs: 0 })
      await stepsOf(reader)
      expect(reader.isParked).toBe(true)
      await writeFile(`${path}.new`, record(7))
      await rename(`${path}.new`, path)
      expect(await stepsOf(reader)).toEqual([7])
    })
  })
})

test('a file that is cut is read from its start', async () => {
  const reader = new TfEventReader(path)
  await writeFile(path, Buffer.concat([record(1), record(2)]))
  await stepsOf(reader)
  await truncate(path)
  expect(await stepsOf(reader)).toEqual([])
  await appendFile(path, record(9))
  expect(await stepsOf(reader)).toEqual([9])
})

test('a record that is no event is passed over', async () => {
  await writeFile(path, Buffer.concat([record(1), frameRecord(Buffer.from([0x0a, 9])), record(2)]))
  expect(await stepsOf(new TfEventReader(path))).toEqual([1, 2])
})

describe('the writer', () => {
  test('writes each call at once, and nothing once it is closed', async () => {
    const writer = new TfEventWriter(join(folder.path, 'new', 'folder'))
    const reader = new TfEventReader(writer.path)
    expect(await reader.read()).toHaveLength(1)
    writer.scalars({ loss: 0.5 }, { step: 4, timestampMs: 1234 })
    expect(await reader.read()).toEqual([
      { timestampMs: 1234, step: 4, scalars: [{ tag: 'loss', value: 0.5 }] },
    ])
    const size = (await readFile(writer.path)).length
    writer.close()
    writer.scalars({ loss: 0.4 })
    writer.close()
    expect(await readFile(writer.path)).toHaveLength(size)
  })

  test('never writes into the file of another', () => {
    using first = new TfEventWriter(folder.path)
    using second = new TfEventWriter(folder.path)
    expect(first.path).not.toBe(second.path)
  })
})
