/** How long a name is remembered, and how many at most. */
export interface ExpiringSetOptions {
  readonly ttlMs: number
  readonly maxEntries: number
  readonly now: () => number
}

/** Remembers names for a while, in bounded memory: the oldest is evicted first. */
export class ExpiringSet {
  readonly #options: ExpiringSetOptions
  readonly #expiries = new Map<string, number>()

  constructor(options: ExpiringSetOptions) {
    this.#options = options
  }

  has(name: string): boolean {
    const expiry = this.#expiries.get(name)
    const isFresh = expiry !== undefined && expiry > this.#options.now()
    if (expiry !== undefined && !isFresh) this.#expiries.delete(name)
    return isFresh
  }

  add(name: string): void {
    this.#expiries.delete(name)
    const [oldest] = this.#expiries.keys()
    if (this.#expiries.size >= this.#options.maxEntries && oldest !== undefined) this.#expiries.delete(oldest)
    this.#expiries.set(name, this.#options.now() + this.#options.ttlMs)
  }
}
