import { describe, expect, it, vi } from 'vitest'
import type { StoredLock } from '../store/locks.ts'
import { Lockout } from './lockout.ts'

const minute = 60_000
const home = '192.0.2.0/24'
const away = '198.51.100.0/24'

interface Setup {
  readonly lockout: Lockout
  /** Both clocks: nobody sets `now`, somebody may set `wall`. */
  readonly clock: { now: number; wall: number }
  /** What is in the store. */
  stored: readonly StoredLock[]
  readonly kept: StoredLock[]
  readonly fail: (user: string, network: string, times: number) => void
  readonly pass: (ms: number) => void
  readonly isLocked: (user: string, network: string) => boolean
}

function setUp(stored: readonly StoredLock[] = []): Setup {
  const clock = { now: 0, wall: Date.parse('2026-06-01T12:00:00Z') }
  const kept: StoredLock[] = []
  let guesses = 0
  const self: Setup = {
    clock,
    stored,
    kept,
    lockout: new Lockout({
      stored: () => self.stored,
      keep: async (lock) => void kept.push(lock),
      onError: (error) => {
        throw error
      },
      now: () => clock.now,
      wallNow: () => clock.wall,
    }),
    fail(user, network, times) {
      for (let time = 0; time < times; time += 1)
        self.lockout.failed(user, network, `guess ${(guesses += 1)}`)
    },
    pass(ms) {
      clock.now += ms
      clock.wall += ms
    },
    isLocked(user, network) {
      try {
        self.lockout.check(user, network)
        return false
      } catch {
        return true
      }
    },
  }
  return self
}

describe('Lockout against guessing', () => {
  it('takes ten wrong passwords, then none for five minutes, and says until when', () => {
    const { lockout, fail, pass, isLocked } = setUp()
    fail('ada', away, 9)
    expect(isLocked('ada', away)).toBe(false)
    fail('ada', away, 1)
    expect(() => lockout.check('ada', away)).toThrow(
      expect.objectContaining({
        code: 'SOEN_LOGIN_LOCKED',
        status: 401,
        message: expect.stringContaining('2026-06-01T12:05:00Z'),
      }),
    )
    pass(5 * minute - 1)
    expect(isLocked('ada', away)).toBe(true)
    pass(1)
    expect(isLocked('ada', away)).toBe(false)
  })

  it('locks for twice as long each time, up to an hour', () => {
    const { fail, pass, isLocked } = setUp()
    const lasted = [5, 10, 20, 40, 60, 60].map((minutes) => {
      fail('ada', away, 10)
      pass(minutes * minute - 1)
      const isStillLocked = isLocked('ada', away)
      pass(1)
      return isStillLocked && !isLocked('ada', away)
    })
    expect(lasted).toEqual([true, true, true, true, true, true])
  })

  it('counts the same wrong password once, as a forgotten job sends it all night', () => {
    const { lockout, isLocked } = setUp()
    for (let time = 0; time < 1000; time += 1) lockout.failed('ada', home, 'the password before')
    expect(isLocked('ada', home)).toBe(false)
  })

  it('begins anew after the right password', () => {
    const { lockout, fail, isLocked } = setUp()
    fail('ada', home, 9)
    lockout.succeeded('ada', home)
    fail('ada', home, 9)
    expect(isLocked('ada', home)).toBe(false)
  })
})

describe('Lockout for colleagues', () => {
  it('leaves a user alone in another network than the one that guesses', () => {
    const { fail, isLocked } = setUp()
    fail('ada', away, 10)
    expect([isLocked('ada', home), isLocked('bob', away)]).toEqual([false, false])
  })

  it('stops a network that sprays over many users, but not who came in from there lately', () => {
    const { lockout, fail, isLocked } = setUp()
    lockout.succeeded('ada', home)
    for (let user = 0; user < 30; user += 1) fail(`user${user}`, home, 1)
    expect(['bob', 'ada'].map((user) => isLocked(user, home))).toEqual([true, false])
    expect(isLocked('bob', away)).toBe(false)
  })

  it('stops guessing from many networks at once, but not from where the user came in lately', () => {
    const { lockout, fail, isLocked } = setUp()
    lockout.succeeded('ada', home)
    for (let network = 0; network < 25; network += 1) fail('ada', `203.0.${network}.0/24`, 4)
    expect([isLocked('ada', away), isLocked('ada', home), isLocked('bob', away)]).toEqual([
      true,
      false,
      false,
    ])
  })

  it('forgets after a month that somebody came in from there', () => {
    const { lockout, fail, pass, isLocked } = setUp()
    lockout.succeeded('ada', home)
    pass(30 * 24 * 60 * minute)
    for (let user = 0; user < 30; user += 1) fail(`user${user}`, home, 1)
    expect(isLocked('ada', home)).toBe(true)
  })
})

describe('Lockout among proxies, restarts and clocks', () => {
  const lock = { key: `pair ada ${home}`, strikes: 1, until: '2026-06-01T12:05:00.000Z' }

  it('holds what another proxy locked, or this one before it was started again', () => {
    const { pass, isLocked } = setUp([lock])
    expect(isLocked('ada', home)).toBe(true)
    pass(5 * minute)
    expect(isLocked('ada', home)).toBe(false)
  })

  it('keeps its own locks in the store, and counts on from there', () => {
    const one = setUp()
    one.fail('ada', home, 10)
    expect(one.kept).toEqual([lock])
    const other = setUp([lock])
    other.isLocked('ada', home)
    other.pass(5 * minute)
    other.fail('ada', home, 10)
    expect(other.kept).toMatchObject([{ strikes: 2, until: '2026-06-01T12:15:00.000Z' }])
  })

  it('is lifted everywhere when an admin lifts it, and only then', () => {
    const self = setUp()
    self.fail('ada', home, 10)
    self.stored = []
    expect(self.isLocked('ada', home)).toBe(true)
    self.stored = [lock]
    expect(self.isLocked('ada', home)).toBe(true)
    self.stored = []
    expect(self.isLocked('ada', home)).toBe(false)
  })

  it('is lifted also when the store lost it before anybody looked', async () => {
    const self = setUp()
    self.fail('ada', home, 10)
    await Promise.resolve()
    self.stored = []
    expect(self.isLocked('ada', home)).toBe(false)
  })

  it('lasts as long when somebody sets the clock', () => {
    const { clock, fail, pass, isLocked } = setUp()
    fail('ada', home, 10)
    clock.wall += 24 * 60 * minute
    expect(isLocked('ada', home)).toBe(true)
    clock.wall -= 48 * 60 * minute
    pass(5 * minute)
    expect(isLocked('ada', home)).toBe(false)
  })

  it('never lasts longer than an hour, whatever the store says', () => {
    const { pass, isLocked } = setUp([{ ...lock, until: '2126-01-01T00:00:00.000Z' }])
    expect(isLocked('ada', home)).toBe(true)
    pass(60 * minute)
    expect(isLocked('ada', home)).toBe(false)
  })

  it('holds here even if the store cannot keep it', async () => {
    const failures: unknown[] = []
    const lockout = new Lockout({
      stored: () => [],
      keep: () => Promise.reject(new Error('disk full')),
      onError: (error) => failures.push(error),
    })
    for (let guess = 0; guess < 10; guess += 1) lockout.failed('ada', home, `${guess}`)
    await vi.waitFor(() => expect(failures).toHaveLength(1))
    expect(() => lockout.check('ada', home)).toThrow('Too many wrong passwords')
    expect(failures).toEqual([expect.objectContaining({ message: 'disk full' })])
  })
})
