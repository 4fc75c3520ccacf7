import { expect, test } from 'vitest'
import { counted } from './counted.ts'
import { shownTime } from './shown-time.ts'

test.each([
  ['2026-12-01T05:09:03.123Z', '2026-12-01 05:09 UTC'],
  ['2026-12-01T06:09:03+01:00', '2026-12-01 05:09 UTC'],
  ['never', 'never'],
])('shows %s as %s', (iso, shown) => {
  expect(shownTime(iso)).toBe(shown)
})

test('counts one thing as one', () => {
  expect([0, 1, 2].map((count) => counted(count, 'run'))).toEqual(['0 runs', '1 run', '2 runs'])
  expect(counted(2, 'process', 'processes')).toBe('2 processes')
})
