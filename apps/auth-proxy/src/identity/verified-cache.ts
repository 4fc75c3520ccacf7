import { createHmac, createSecretKey, randomBytes } from 'node:crypto'
import type { Credentials } from './basic-credentials.ts'
import { ExpiringSet } from './expiring-set.ts'

interface Options {
  readonly ttlMs?: number
  readonly maxEntries?: number
  readonly now?: () => number
}

/**
 * Remembers which credentials were right and which were wrong, so that a request costs a keyed digest instead of a
 * slow hash. Holds no passwords: only digests under a key that exists in this process alone.
 */
export class VerifiedCache {
  // As a key object: plain bytes would be converted to one at every request, at eight times the cost.
  readonly #key = createSecretKey(randomBytes(32))
  readonly #right: ExpiringSet
  readonly #wrong: ExpiringSet
  /** How often a lookup found an entry (hits) or none (misses). */
  hits = 0
  misses = 0

  constructor({ ttlMs = 5 * 60_000, maxEntries = 10_000, now = Date.now }: Options = {}) {
    this.#right = new ExpiringSet({ ttlMs, maxEntries, now })
    this.#wrong = new ExpiringSet({ ttlMs, maxEntries, now })
  }

  /** The cache key of credentials, including the version that they are checked against. */
  keyOf({ user, password }: Credentials, version: string): string {
    const hmac = createHmac('sha256', this.#key)
    return hmac.update(user).update('\0').update(password).update('\0').update(version).digest('base64')
  }

  has(key: string): boolean {
    const isKnown = this.#right.has(key)
    if (isKnown) this.hits += 1
    else this.misses += 1
    return isKnown
  }

  add(key: string): void {
    this.#right.add(key)
  }

  /** Whether these credentials were recently found to be wrong. */
  isWrong(key: string): boolean {
    return this.#wrong.has(key)
  }

  addWrong(key: string): void {
    this.#wrong.add(key)
  }
}
