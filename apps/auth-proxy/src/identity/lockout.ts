import { Refusal } from '../errors/refusals.ts'
import { maxLocks } from './stored-locks.ts'
import type { StoredLock } from './stored-locks.ts'
import type { StoredUnlock } from './stored-unlocks.ts'
import { FailureCount } from './failure-count.ts'
import { isLiftedBy, lockKeys, limits } from './lock-keys.ts'
import type { TrustedNetworks } from './trusted-networks.ts'

const minute = 60_000
const firstLockMs = 5 * minute
const longestLockMs = 60 * minute

interface Options {
  /** The locks in the store, as last read. */
  readonly stored: () => readonly StoredLock[]
  /** What admins unlocked recently, as last read. */
  readonly unlocks: () => readonly StoredUnlock[]
  readonly trusted: Pick<TrustedNetworks, 'has' | 'add'>
  /** Stores a lock, so that the other front doors enforce it too. */
  readonly keep: (lock: StoredLock) => Promise<void>
  readonly onError: (error: unknown) => void
  /** Monotonic milliseconds, which no change of the wall clock moves. */
  readonly now?: () => number
  readonly wallNow?: () => number
}

interface Lock {
  readonly strikes: number
  /** By the monotonic clock. */
  readonly endsAt: number
  readonly until: string
  /** Whether it is in the store: if so, it is lifted when it disappears from there. */
  isStored: boolean
}

/**
 * Stops password guessing and spraying, without letting a stranger lock a user out: each network has its own count
 * per user, and a network from which a user signed in recently is not locked by what others did.
 *
 * Failures are counted in this process; locks are shared through the store and outlive a restart. They last by the
 * monotonic clock, and never longer than an hour, whatever time the store names. An unlock also comes through the
 * store, and clears in every process the locks and counts that it applies to.
 */
export class Lockout {
  readonly #options: Required<Options>
  readonly #failures: FailureCount
  readonly #locks = new Map<string, Lock>()
  #seen: readonly StoredLock[] = []
  #unlocks: readonly StoredUnlock[] = []

  constructor({ now = () => performance.now(), wallNow = Date.now, ...rest }: Options) {
    this.#options = { now, wallNow, ...rest }
    this.#failures = new FailureCount({ now })
  }

  /** Whether this user signed in from this network recently. */
  trusts(user: string, network: string): boolean {
    return this.#options.trusted.has(user, network)
  }

  /** Refuses while there is a lock, even the right password: otherwise guessing would go on through it. */
  check(user: string, network: string): void {
    this.#takeOver()
    if (this.#locks.size === 0) return
    const now = this.#options.now()
    for (const { kind, key } of lockKeys(user, network)) {
      const lock = this.#locks.get(key)
      if (lock === undefined || lock.endsAt <= now) continue
      if (kind !== 'pair' && this.#options.trusted.has(user, network)) continue
      const until = new Date(this.#options.wallNow() + lock.endsAt - now).toISOString().slice(0, 19)
      throw new Refusal('SOEN_LOGIN_LOCKED', undefined, `Passwords are taken again from here at ${until}Z.`)
    }
  }

  /** Counts a wrong password. The same one again, as a forgotten job sends it, is no guess and counts once. */
  failed(user: string, network: string, guess: string): void {
    for (const { kind, key } of lockKeys(user, network)) {
      if (this.#failures.add(key, guess) >= limits[kind]) this.#lock(key)
    }
  }

  succeeded(user: string, network: string): void {
    for (const { kind, key } of lockKeys(user, network)) {
      // A success must not clear what the same network tried on other users.
      if (kind === 'pair') this.#failures.forget(key)
    }
    this.#options.trusted.add(user, network)
  }

  #lock(key: string): void {
    this.#failures.forget(key)
    const strikes = (this.#locks.get(key)?.strikes ?? 0) + 1
    const lastsMs = Math.min(firstLockMs * 2 ** (strikes - 1), longestLockMs)
    const until = new Date(this.#options.wallNow() + lastsMs).toISOString()
    const lock: Lock = { strikes, until, endsAt: this.#options.now() + lastsMs, isStored: false }
    // Moves it to the end, so that the oldest is evicted first while the store takes no locks.
    this.#locks.delete(key)
    this.#locks.set(key, lock)
    const [oldest] = this.#locks.keys()
    if (this.#locks.size > maxLocks && oldest !== undefined) this.#locks.delete(oldest)
    // Stored in the background: here the lock is in force already.
    this.#options
      .keep({ key, strikes, until })
      .then(() => (lock.isStored = true))
      .catch(this.#options.onError)
  }

  /** Applies the locks that other front doors set and admins lifted. */
  #takeOver(): void {
    this.#takeOverUnlocks()
    const stored = this.#options.stored()
    if (stored === this.#seen) return
    this.#seen = stored
    const keys = new Set(stored.map(({ key }) => key))
    for (const [key, lock] of this.#locks) if (lock.isStored && !keys.has(key)) this.#lift(key)
    for (const { key, strikes, until } of stored) {
      const known = this.#locks.get(key)
      if (known?.until === until) known.isStored = true
      else if (known === undefined || known.strikes <= strikes) {
        const leftMs = Date.parse(until) - this.#options.wallNow()
        const endsAt = this.#options.now() + Math.min(Math.max(leftMs, 0), longestLockMs)
        this.#locks.set(key, { strikes, until, endsAt, isStored: true })
      }
    }
  }

  /** Clears also what the store does not have: this process's counts, and locks that could not be stored. */
  #takeOverUnlocks(): void {
    const unlocks = this.#options.unlocks()
    if (unlocks === this.#unlocks) return
    const before = new Map(this.#unlocks.map(({ key, unlockedAt }) => [key, unlockedAt]))
    this.#unlocks = unlocks
    for (const { key: unlock, unlockedAt } of unlocks) {
      if (before.get(unlock) === unlockedAt) continue
      for (const key of this.#locks.keys()) if (isLiftedBy(unlock, key)) this.#locks.delete(key)
      this.#failures.forgetWhere((key) => isLiftedBy(unlock, key))
    }
  }

  #lift(key: string): void {
    this.#locks.delete(key)
    this.#failures.forget(key)
  }
}
