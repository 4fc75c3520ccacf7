/** What log calls cost a training loop. */
export interface LogCallCost {
  readonly calls: number
  /** Half of the calls took no longer, in microseconds. */
  readonly p50Us: number
  /** 99 of 100 calls took no longer. */
  readonly p99Us: number
  /** All calls together as a share of the loop. */
  readonly shareOfLoop: number
}

/** Measures every call it makes. */
export class LogTimer {
  readonly #nanoseconds: number[] = []

  /** Make a call and note how long it took. */
  time(call: () => void): void {
    const start = process.hrtime.bigint()
    call()
    this.#nanoseconds.push(Number(process.hrtime.bigint() - start))
  }

  /** The cost of the calls in a loop that took `loopMs`. */
  cost(loopMs: number): LogCallCost {
    const sorted = this.#nanoseconds.toSorted((a, b) => a - b)
    const microseconds = (share: number): number => (sorted[Math.ceil(share * sorted.length) - 1] ?? 0) / 1000
    const totalMs = sorted.reduce((sum, each) => sum + each, 0) / 1e6
    return {
      calls: sorted.length,
      p50Us: microseconds(0.5),
      p99Us: microseconds(0.99),
      shareOfLoop: loopMs === 0 ? 0 : totalMs / loopMs,
    }
  }
}
