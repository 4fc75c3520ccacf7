import { expect, test } from 'vitest'
import { DEFAULT_JOURNAL_POLICY, journalPolicyFromEnv } from './journal-policy.ts'

test('is buffered, synced each second and capped when nobody says otherwise', () => {
  expect(journalPolicyFromEnv({})).toEqual(DEFAULT_JOURNAL_POLICY)
  expect(DEFAULT_JOURNAL_POLICY).toEqual({
    durability: 'buffered',
    fsyncEveryMs: 1000,
    maxRunBytes: 2_147_483_648,
    maxSpoolBytes: 10_737_418_240,
  })
})

test('is what the environment says', () => {
  const env = { SOEN_DURABILITY: 'sync', SOEN_FSYNC_SECONDS: '0', SOEN_SPOOL_MAX: '500MB' }
  expect(journalPolicyFromEnv(env)).toEqual({
    durability: 'sync',
    fsyncEveryMs: 0,
    maxRunBytes: 500_000_000,
    maxSpoolBytes: 500_000_000,
  })
})

test.each([
  ['1000', 1000],
  ['1.5 k', 1500],
  ['2KiB', 2048],
  ['20 GiB', 21_474_836_480],
  ['1TB', 1e12],
])('reads the size %s', (text, bytes) => {
  expect(journalPolicyFromEnv({ SOEN_SPOOL_MAX: text }).maxSpoolBytes).toBe(bytes)
})

test('keeps to its defaults where the environment makes no sense', () => {
  const env = { SOEN_DURABILITY: 'maybe', SOEN_FSYNC_SECONDS: '-1', SOEN_SPOOL_MAX: 'a lot' }
  expect(journalPolicyFromEnv(env)).toEqual(DEFAULT_JOURNAL_POLICY)
})
