import { expect, test } from 'vitest'
import { WritePace } from './write-pace.ts'

/** Count records, all at the given time, and write when due; returns the numbers of records written together. */
function writesOf(pace: WritePace, records: number, nowMs: number): number[] {
  const writes: number[] = []
  let waiting = 0
  for (let count = 0; count < records; count += 1) {
    waiting += 1
    if (!pace.isDue(waiting, nowMs)) continue
    writes.push(waiting)
    waiting = 0
  }
  return writes
}

test('the calls of one training step are each written, however soon they follow one another', () => {
  expect(writesOf(new WritePace(40), 64, 0)).toEqual(Array.from({ length: 64 }, () => 1))
})

test('at every moment of a tight loop no more than a sixteenth of it waits, and few writes are made', () => {
  const pace = new WritePace(40)
  let waiting = 0
  let writes = 0
  for (let record = 1; record <= 40_000; record += 1) {
    waiting += 1
    if (pace.isDue(waiting, 0)) {
      waiting = 0
      writes += 1
    }
    expect(waiting).toBeLessThanOrEqual(Math.max(0, record - 64) / 16)
  }
  expect(writes).toBeLessThan(250)
})

test('a burst does not count against the next', () => {
  const pace = new WritePace(40)
  writesOf(pace, 10_000, 0)
  expect(writesOf(pace, 3, 39)).toEqual([])
  expect(writesOf(pace, 3, 40)).toEqual([1, 1, 1])
})
