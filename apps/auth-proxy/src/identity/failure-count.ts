interface Options {
  /** The count starts again after so long without a new failure. */
  readonly quietMs?: number
  readonly maxKeys?: number
  readonly now: () => number
}

/** Counts distinct failures by key, in bounded memory. */
export class FailureCount {
  readonly #counts = new Map<string, { readonly failures: Set<string>; lastAt: number }>()
  readonly #quietMs: number
  readonly #maxKeys: number
  readonly #now: () => number

  constructor({ quietMs = 60 * 60_000, maxKeys = 10_000, now }: Options) {
    this.#quietMs = quietMs
    this.#maxKeys = maxKeys
    this.#now = now
  }

  /** Adds a failure and returns the number of distinct ones. */
  add(key: string, failure: string): number {
    const known = this.#counts.get(key)
    const now = this.#now()
    const isFresh = known !== undefined && now - known.lastAt < this.#quietMs
    const failures = isFresh ? known.failures : new Set<string>()
    failures.add(failure)
    // Moves the key to the end, so that the least recently used is evicted first.
    this.#counts.delete(key)
    this.#counts.set(key, { failures, lastAt: now })
    this.#forgetOld(now)
    return failures.size
  }

  /** The number of keys held. */
  get size(): number {
    return this.#counts.size
  }

  forget(key: string): void {
    this.#counts.delete(key)
  }

  forgetWhere(isMeant: (key: string) => boolean): void {
    for (const key of this.#counts.keys()) if (isMeant(key)) this.#counts.delete(key)
  }

  #forgetOld(now: number): void {
    for (const [key, { lastAt }] of this.#counts) {
      if (this.#counts.size <= this.#maxKeys && now - lastAt < this.#quietMs) return
      this.#counts.delete(key)
    }
  }
}
