import { expect, test } from 'vitest'
import { isJournalRecord, itemsIn, type JournalRecord } from './records.ts'

test.each<[JournalRecord, number]>([
  [{ k: 'm', at: 0, s: 0, v: { a: 1, b: 'NaN' } }, 2],
  [{ k: 'p', v: { a: '1' } }, 1],
  [{ k: 't', v: { a: '1', b: '2', c: '3' } }, 3],
  [{ k: 't', v: { a: null } }, 1],
  [{ k: 'c', route: 'POST runs/outputs', request: { models: [] } }, 1],
  [{ k: 'a', file: 'uploads/1', to: 'x' }, 1],
  [{ k: 'x', text: 'seen', to: 'x' }, 1],
  [{ k: 'e', at: 0, status: 'FINISHED' }, 0],
])('%j carries %i items and is a record', (record, items) => {
  expect(itemsIn(record)).toBe(items)
  expect(isJournalRecord(record)).toBe(true)
})

test.each([[null], ['m'], [{}], [{ k: 1 }], [{ k: 'unknown' }]])('%j is no record', (value) => {
  expect(isJournalRecord(value)).toBe(false)
})
