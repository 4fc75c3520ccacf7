interface SightingsOptions {
  readonly everyMs?: number
  readonly max?: number
  /** Milliseconds that no change of the wall clock moves. */
  readonly now?: () => number
}

/** Remembers for an hour who was seen, so that the same is not said again and again. Bounded. */
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

  /** True when this was not said within the last hour. */
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
