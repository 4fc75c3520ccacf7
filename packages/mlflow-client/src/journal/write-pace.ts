/**
 * How many records of a burst are written one by one: for instance a step's metrics, each logged by a call of its
 * own.
 */
const WRITTEN_AT_ONCE = 64
/** The share of a longer burst that may wait. A write costs as much as about ten calls. */
const WAITING_PART = 1 / 16

/**
 * Decides which log calls write the accepted records themselves.
 *
 * No timer fires during a synchronous step, which may follow at any moment and last for seconds. So the records of a
 * burst do not wait for its end; only in a tight loop a few are written together, because a write for each would
 * slow it down.
 */
export class WritePace {
  readonly #burstMs: number
  #burstAt = -Infinity
  #inBurst = 0

  /** @param burstMs - after this the next burst begins */
  constructor(burstMs: number) {
    this.#burstMs = burstMs
  }

  /** Count a record; returns whether it and all waiting ones are to be written now. */
  isDue(waiting: number, nowMs: number = performance.now()): boolean {
    if (nowMs - this.#burstAt >= this.#burstMs) {
      this.#burstAt = nowMs
      this.#inBurst = 0
    }
    this.#inBurst += 1
    return waiting > (this.#inBurst - WRITTEN_AT_ONCE) * WAITING_PART
  }
}
