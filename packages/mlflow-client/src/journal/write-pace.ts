/** Records of one burst that are written one by one: a step's metrics, each by a call of its own. */
const WRITTEN_AT_ONCE = 64
/** Of a longer burst, the part that may wait. A write costs as much as some ten calls. */
const WAITING_PART = 1 / 16

/**
 * Decides when accepted records are written by the call that brings them.
 *
 * No timer fires in a synchronous step, which may follow at any moment and last for seconds. So the records of a burst
 * do not wait for its end; only in a tight loop a few are written together, because a write for each would slow it.
 */
export class WritePace {
  readonly #burstMs: number
  #burstAt = -Infinity
  #inBurst = 0

  /** @param burstMs - after this the next burst begins */
  constructor(burstMs: number) {
    this.#burstMs = burstMs
  }

  /** Count a record, and tell whether it and those that wait with it are to be written now. */
  isDue(waiting: number, nowMs: number = performance.now()): boolean {
    if (nowMs - this.#burstAt >= this.#burstMs) {
      this.#burstAt = nowMs
      this.#inBurst = 0
    }
    this.#inBurst += 1
    return waiting > (this.#inBurst - WRITTEN_AT_ONCE) * WAITING_PART
  }
}
