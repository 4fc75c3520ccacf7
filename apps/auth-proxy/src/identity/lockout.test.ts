import { describe, expect, it, vi } from 'vitest'
import type { StoredLock } from './stored-locks.ts'
import type { TrustedNetwork } from './stored-networks.ts'
import type { StoredUnlock } from './stored-unlocks.ts'
import { Lockout } from './lockout.ts'
import { TrustedNetworks } from './trusted-networks.ts'

const minute = 60_000
const home = '192.0.2.0/24'
const away = '198.51.100.0/24'

interface Setup {
  readonly lockout: Lockout
  /** Both clocks: `now` is monotonic, `wall` can be set. */
  readonly clock: { now: number; wall: number }
  /** The locks in the store. */
  stored: readonly StoredLock[]
  unlocks: readonly StoredUnlock[]
  readonly kept: StoredLock[]
  readonly fail: (user: string, network: string, times: number) => void
  readonly pass: (ms: number) => void
  readonly isLocked: (user: string, network: string) => boolean
}

function setUp(
  stored: readonly StoredLock[] = [],
  { isFull = false, seen = [] }: { isFull?: boolean; seen?: readonly TrustedNetwork[] } = {},
): Setup {
  const clock = { now: 0, wall: Date.parse('2026-06-01T12:00:00Z') }
  const kept: StoredLock[] = []
  let guesses = 0
  const self: Setup = {
    clock,
    stored,
    unlocks: [],
    kept,
    lockout: new Lockout({
      stored: () => self.stored,
      unlocks: () => self.unlocks,
      trusted: new TrustedNetworks({ stored: () => seen, note: async () => {}, now: () => clock.wall }),
      async keep(lock) {
        if (isFull) throw new Error('disk full')
        kept.push(lock)
      },
      onError: (error) => {
        if (!isFull) throw error
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
      unlocks: () => [],
      trusted: new TrustedNetworks({ stored: () => [], note: async () => {} }),
      keep: () => Promise.reject(new Error('disk full')),
      onError: (error) => failures.push(error),
    })
    for (let guess = 0; guess < 10; guess += 1) lockout.failed('ada', home, `${guess}`)
    await vi.waitFor(() => expect(failures).toHaveLength(1))
    expect(() => lockout.check('ada', home)).toThrow('Too many wrong passwords')
    expect(failures).toEqual([expect.objectContaining({ message: 'disk full' })])
  })

  it('of a user everywhere lets a colleague in whom another proxy, or this one before a restart, saw come in', () => {
    const everywhere = { ...lock, key: 'user ada' }
    const lockedAt = (network: string, seenAt: string): boolean =>
      setUp([everywhere], { seen: [{ owner: 'ada', network: home, seenAt }] }).isLocked('ada', network)
    expect(lockedAt(home, '2026-05-03T12:00:00.000Z')).toBe(false)
    expect(lockedAt(away, '2026-05-03T12:00:00.000Z')).toBe(true)
    expect(lockedAt(home, '2026-05-01T12:00:00.000Z')).toBe(true)
  })
})

describe('Lockout that an admin lifts', () => {
  const unlockAda = { key: 'user ada', unlockedAt: '2026-06-01T12:00:00.000Z' }

  it('forgets what was counted, here as at every other proxy, also at a second time', () => {
    const self = setUp()
    for (const unlockedAt of ['2026-06-01T12:00:00.000Z', '2026-06-01T12:01:00.000Z']) {
      self.fail('ada', home, 9)
      self.unlocks = [{ ...unlockAda, unlockedAt }]
      expect(self.isLocked('ada', home)).toBe(false)
      self.fail('ada', home, 9)
      expect(self.isLocked('ada', home)).toBe(false)
      self.lockout.succeeded('ada', home)
    }
  })

  it('ends also where the store could not keep it', () => {
    const self = setUp([], { isFull: true })
    self.fail('ada', home, 10)
    expect(self.isLocked('ada', home)).toBe(true)
    self.unlocks = [unlockAda]
    expect(self.isLocked('ada', home)).toBe(false)
  })

  it('ends for that user alone, and for a network only where it was named', () => {
    const self = setUp()
    self.fail('bob', home, 10)
    for (let user = 0; user < 30; user += 1) self.fail(`user${user}`, away, 1)
    self.unlocks = [unlockAda, { key: `network ${away}`, unlockedAt: unlockAda.unlockedAt }]
    expect([self.isLocked('bob', home), self.isLocked('eve', away)]).toEqual([true, false])
  })

  it('holds when it fell after the unlocking', () => {
    const self = setUp()
    self.unlocks = [unlockAda]
    expect(self.isLocked('ada', home)).toBe(false)
    self.fail('ada', home, 10)
    self.unlocks = [unlockAda]
    expect(self.isLocked('ada', home)).toBe(true)
  })
})

describe('Lockout against names that nobody may have', () => {
  const names = ['x'.repeat(60_000), 'x'.repeat(65), 'e ve', 'a\0b', 'mlflow-logged-out-1']

  it.each(names)('counts them for their network only, and keeps none of them (%#)', (name) => {
    const { fail, kept, isLocked } = setUp()
    fail(name, away, 29)
    expect([kept, isLocked(name, away)]).toEqual([[], false])
    fail(name, away, 1)
    expect(kept.map(({ key }) => key)).toEqual([`network ${away}`])
    expect([isLocked(name, away), isLocked('ada', away), isLocked(name, home)]).toEqual([true, true, false])
  })

  it('tells nothing about the others: a name without an account is locked as one with it', () => {
    const { fail, isLocked } = setUp()
    fail('nobody-of-that-name', away, 10)
    fail('ada', away, 10)
    expect([isLocked('nobody-of-that-name', away), isLocked('ada', away)]).toEqual([true, true])
  })
})
