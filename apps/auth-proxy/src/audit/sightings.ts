interface SightingsOptions {
  readonly everyMs?: number
  readonly max?: number
  /** Monotonic milliseconds, which no change of the wall clock moves. */
  readonly now?: () => number
}

/** Remembers callers for an hour, so that the same one is not recorded again and again. Bounded. */
export class Sightings {
  readonly #lastTold = new Map<string, number>()
  readonly #everyMs: number
  readonly #max: number
  readonly #now: () => number

  constructor({ everyMs, max, now }: SightingsOptions = {}) {
    this.#everyMs = everyMs ?? 3_600_000
    this.#max = max ?? 10_000
    this.#now = now ?? (() => performance.now())
  }

  /** Returns true when this key was not seen within the last hour. */
  isNew(key: string): boolean {
    const now = this.#now()
    const told = this.#lastTold.get(key)
    if (told !== undefined && now - told < this.#everyMs) return false
    this.#lastTold.delete(key)
    if (this.#lastTold.size >= this.#max) this.#lastTold.delete(this.#lastTold.keys().next().value ?? '')
    this.#lastTold.set(key, now)
    return true
  }
}
