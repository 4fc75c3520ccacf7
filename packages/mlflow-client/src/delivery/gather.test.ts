import { expect, test } from 'vitest'
import type { JournalChunk } from '../journal/journal.ts'
import type { JournalRecord } from '../journal/records.ts'
import { gather } from './gather.ts'

function metric(step: number): JournalRecord {
  return { k: 'm', at: 1, s: step, v: { a: step } }
}

function chunk(step: number, segment = 1): JournalChunk {
  return { records: [metric(step)], corrupt: step, next: { segment, offset: step + 1 } }
}

/** A source of these chunks, one after the other. */
function sourceOf(chunks: readonly JournalChunk[]): { read(after?: JournalChunk): JournalChunk | undefined } {
  return {
    read: (after) =>
      chunks[after === undefined ? 0 : 1 + chunks.findIndex(({ next }) => next.offset === after.next.offset)],
  }
}

test('takes several chunks as one, up to where the last of them ends', async () => {
  expect(await gather(sourceOf([chunk(0), chunk(1), chunk(2)]))).toEqual({
    records: [metric(0), metric(1), metric(2)],
    corrupt: 3,
    next: { segment: 1, offset: 3 },
  })
  expect((await gather(sourceOf(Array.from({ length: 9 }, (_, n) => chunk(n)))))?.records).toHaveLength(5)
})

test('is nothing when nothing is there', async () => {
  expect(await gather(sourceOf([]))).toBeUndefined()
})

test('stops where a segment ends: those further on may change', async () => {
  const whole = await gather(sourceOf([chunk(0, 1), chunk(1, 1), chunk(2, 2), chunk(3, 2)]))
  expect(whole?.next).toEqual({ segment: 1, offset: 2 })
})

test('takes what is held in memory by itself', async () => {
  const held: JournalChunk = { ...chunk(0), memoryThrough: 7 }
  expect(await gather({ read: (after) => (after === undefined ? held : undefined) })).toEqual(held)
})
