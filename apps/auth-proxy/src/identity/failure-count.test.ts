import { expect, it } from 'vitest'
import { FailureCount } from './failure-count.ts'

it('counts different failures of each key', () => {
  const count = new FailureCount({ now: () => 0 })
  expect(['x', 'y', 'x'].map((failure) => count.add('a', failure))).toEqual([1, 2, 2])
  expect(count.add('b', 'x')).toBe(1)
})

it('begins anew when told, and after a quiet time', () => {
  let now = 0
  const count = new FailureCount({ now: () => now, quietMs: 100 })
  count.add('a', 'x')
  now = 99
  expect(count.add('a', 'y')).toBe(2)
  now = 199
  expect(count.add('a', 'z')).toBe(1)
  count.forget('a')
  expect(count.add('a', 'x')).toBe(1)
})

it('forgets the key that failed longest ago when there are too many', () => {
  const count = new FailureCount({ now: () => 0, maxKeys: 2 })
  for (const key of ['a', 'b', 'a', 'c']) count.add(key, 'first')
  expect(['a', 'b'].map((key) => count.add(key, 'second'))).toEqual([2, 1])
})
