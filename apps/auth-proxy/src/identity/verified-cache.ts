import { createHmac, createSecretKey, randomBytes } from 'node:crypto'
import type { Credentials } from './basic-credentials.ts'

interface Options {
  readonly ttlMs?: number
  readonly maxEntries?: number
  readonly now?: () => number
}

/**
 * Remembers which credentials were right, so that a request costs a keyed digest instead of a slow hash.
 * Holds no password: only digests under a key that lives and dies with this process.
 */
export class VerifiedCache {
  // As a key object: plain bytes would be made into one again at every request, at eight times the cost.
  readonly #key = createSecretKey(randomBytes(32))
  readonly #expiries = new Map<string, number>()
  readonly #ttlMs: number
  readonly #maxEntries: number
  readonly #now: () => number
  /** How often it was asked, and knew or did not. */
  hits = 0
  misses = 0

  constructor({ ttlMs = 5 * 60_000, maxEntries = 10_000, now = Date.now }: Options = {}) {
    this.#ttlMs = ttlMs
    this.#maxEntries = maxEntries
    this.#now = now
  }

  /** Names credentials together with the version they are checked against: a new version is a new name. */
  keyOf({ user, password }: Credentials, version: string): string {
    const hmac = createHmac('sha256', this.#key)
    return hmac.update(user).update('\0').update(password).update('\0').update(version).digest('base64')
  }

  has(key: string): boolean {
    const expiry = this.#expiries.get(key)
    const isFresh = expiry !== undefined && expiry > this.#now()
    if (isFresh) this.hits += 1
    else this.misses += 1
    if (expiry !== undefined && !isFresh) this.#expiries.delete(key)
    return isFresh
  }

  add(key: string): void {
    this.#expiries.delete(key)
    const [oldest] = this.#expiries.keys()
    if (this.#expiries.size >= this.#maxEntries && oldest !== undefined) this.#expiries.delete(oldest)
    this.#expiries.set(key, this.#now() + this.#ttlMs)
  }
}
