import { expect, test } from 'vitest'
import type { JournalRecord } from './records.ts'
import { MetricThinner } from './thin-metrics.ts'

function metric(step: number, v: Record<string, number | string>): JournalRecord {
  return { k: 'm', at: step, s: step, v }
}

function thinned(records: readonly JournalRecord[]): JournalRecord[] {
  const thinner = new MetricThinner()
  for (const record of records) thinner.look(record)
  thinner.finish()
  return records.flatMap((record, number) => thinner.thin(record, number) ?? [])
}

test('keeps the least, the greatest and the last of 32 points in a row', () => {
  const records = Array.from({ length: 64 }, (_, step) => metric(step, { loss: Math.abs((step % 32) - 20) }))
  expect(thinned(records).map((record) => record.k === 'm' && record.s)).toEqual([0, 20, 31, 32, 52, 63])
})

test('keeps every point of a metric that is logged now and then', () => {
  const records = Array.from({ length: 320 }, (_, step) =>
    metric(step, step % 160 === 0 ? { loss: step, val: step } : { loss: step }),
  )
  const kept = thinned(records)
  expect(kept.filter((record) => record.k === 'm' && 'val' in record.v)).toEqual([records[0], records[160]])
  expect(kept.length).toBeLessThan(32)
})

test('leaves out of a record only the values that go', () => {
  const records = Array.from({ length: 32 }, (_, step) => metric(step, { up: step, down: -step, flat: 1 }))
  expect(thinned(records)).toEqual([records[0], records[31]])
  const mixed = [
    metric(0, { a: 1, b: 5 }),
    metric(1, { a: 2, b: 9 }),
    metric(2, { a: 3, b: 1 }),
    metric(3, { a: 4, b: 3 }),
  ]
  expect(thinned(mixed)).toEqual([
    metric(0, { a: 1 }),
    metric(1, { b: 9 }),
    metric(2, { b: 1 }),
    metric(3, { a: 4, b: 3 }),
  ])
})

test('finds the extremes beside NaN and infinities', () => {
  const values = ['NaN', 3, '-Infinity', 5, 'Infinity', 4]
  const kept = thinned(values.map((value, step) => metric(step, { a: value })))
  expect(kept).toEqual([metric(2, { a: '-Infinity' }), metric(4, { a: 'Infinity' }), metric(5, { a: 4 })])
})

test('never touches parameters, tags, files or the end', () => {
  const records: JournalRecord[] = [
    { k: 'p', v: { lr: '1' } },
    { k: 't', v: { a: 'b' } },
    { k: 'a', file: 'f', to: 't' },
    { k: 'e', at: 1, status: 'FINISHED' },
  ]
  expect(thinned(records)).toEqual(records)
})
