import { describe, expect, it } from 'vitest'
import { VerifiedCache } from './verified-cache.ts'

const ada = { user: 'ada', password: 'secret words' }

describe('VerifiedCache', () => {
  it('knows only what was added', () => {
    const cache = new VerifiedCache()
    cache.add(cache.keyOf(ada, 'v1'))
    expect(cache.has(cache.keyOf(ada, 'v1'))).toBe(true)
    expect(cache.has(cache.keyOf({ ...ada, password: 'other' }, 'v1'))).toBe(false)
  })

  it('forgets a password at once when its version changes', () => {
    const cache = new VerifiedCache()
    cache.add(cache.keyOf(ada, 'v1'))
    expect(cache.has(cache.keyOf(ada, 'v2'))).toBe(false)
  })

  it('keeps user and password apart', () => {
    const cache = new VerifiedCache()
    expect(cache.keyOf({ user: 'ab', password: 'c' }, 'v')).not.toBe(
      cache.keyOf({ user: 'a', password: 'bc' }, 'v'),
    )
  })

  it('names the same credentials differently in every process', () => {
    expect(new VerifiedCache().keyOf(ada, 'v1')).not.toBe(new VerifiedCache().keyOf(ada, 'v1'))
  })

  it('asks for the password again after a while', () => {
    let now = 0
    const cache = new VerifiedCache({ ttlMs: 1000, now: () => now })
    cache.add('key')
    now = 999
    expect(cache.has('key')).toBe(true)
    now = 1000
    expect(cache.has('key')).toBe(false)
  })

  it('drops the oldest when it is full', () => {
    const cache = new VerifiedCache({ maxEntries: 2 })
    for (const key of ['a', 'b', 'a', 'c']) cache.add(key)
    expect(['a', 'b', 'c'].map((key) => cache.has(key))).toEqual([true, false, true])
  })
})
