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

it('forgets all keys that are meant', () => {
  const count = new FailureCount({ now: () => 0 })
  for (const key of ['a1', 'a2', 'b']) count.add(key, 'first')
  count.forgetWhere((key) => key.startsWith('a'))
  expect(['a1', 'a2', 'b'].map((key) => count.add(key, 'second'))).toEqual([1, 1, 2])
})

it('holds nothing that has been quiet for too long', () => {
  let now = 0
  const count = new FailureCount({ now: () => now, quietMs: 100 })
  for (let key = 0; key < 1000; key += 1) count.add(`${key}`, 'x')
  now = 100
  count.add('a', 'x')
  expect(count.size).toBe(1)
})

it('forgets the key that failed longest ago when there are too many', () => {
  const count = new FailureCount({ now: () => 0, maxKeys: 2 })
  for (const key of ['a', 'b', 'a', 'c']) count.add(key, 'first')
  expect(['a', 'b'].map((key) => count.add(key, 'second'))).toEqual([2, 1])
})
