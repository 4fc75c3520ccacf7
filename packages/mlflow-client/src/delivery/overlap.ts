import type { SeenMetrics } from '../journal/header.ts'
import { itemsIn, type JournalRecord } from '../journal/records.ts'
import type { MetricsRecord } from '../journal/records/metrics.ts'
import type { MetricPoint } from '../rest/metrics.ts'

/** What a resumed run has from earlier processes of its job. */
export interface OverlapParts {
  readonly seen: SeenMetrics
  /** Whether values at steps that exist already are logged again. */
  readonly isKept: boolean
  readonly readHistory: (key: string) => Promise<readonly MetricPoint[]>
}

/** The records without the values that the server has from before, and the number of those. */
export interface Unseen {
  readonly records: readonly JournalRecord[]
  readonly skipped: number
}

/**
 * Leaves out what an earlier process of the job has logged already: for each metric exactly the steps that the
 * server has, but never a value to which the program gave no step. Counters of the client's own continue where they
 * ended.
 */
export class Overlap {
  readonly #parts: OverlapParts
  readonly #last: ReadonlyMap<string, number>
  readonly #steps = new Map<string, Promise<ReadonlySet<number>>>()

  constructor(parts: OverlapParts) {
    this.#parts = parts
    this.#last = new Map(Object.entries(parts.seen.lastSteps))
  }

  /** Filter some records. Throws what reading a history throws. */
  async leaveOut(records: readonly JournalRecord[]): Promise<Unseen> {
    const rest: JournalRecord[] = []
    let skipped = 0
    for (const record of records) {
      const unseen = record.k === 'm' ? await this.#unseen(record) : [record]
      skipped += itemsIn(record) - unseen.reduce((sum, part) => sum + itemsIn(part), 0)
      rest.push(...unseen)
    }
    return { records: rest, skipped }
  }

  async #unseen(record: MetricsRecord): Promise<MetricsRecord[]> {
    const { s: step, c: isCount, ...others } = record
    if (step === undefined) return [record]
    if (isCount === 1) return this.#continued(record, step)
    if (this.#parts.isKept) return [record]
    const entries = Object.entries(record.v)
    // Fast path: usually all steps of a call are new, and nothing needs to be requested.
    if (entries.every(([key]) => step > this.#lastOf(key))) return [record]
    const left: typeof entries = []
    for (const entry of entries) if (!(await this.#isSeen(entry[0], step))) left.push(entry)
    return left.length === 0 ? [] : [{ ...others, s: step, v: Object.fromEntries(left) }]
  }

  /**
   * Metrics whose counters ended at different values, for instance those of a GPU that was added later, continue at
   * their own.
   */
  #continued(record: MetricsRecord, count: number): MetricsRecord[] {
    const byLast = Map.groupBy(Object.entries(record.v), ([key]) => this.#last.get(key) ?? -1)
    return Array.from(byLast, ([last, entries]) => ({
      ...record,
      s: last + 1 + count,
      v: Object.fromEntries(entries),
    }))
  }

  async #isSeen(key: string, step: number): Promise<boolean> {
    if (step > this.#lastOf(key)) return false
    const steps = this.#steps.get(key) ?? this.#readSteps(key)
    this.#steps.set(key, steps)
    try {
      return (await steps).has(step)
    } catch (error) {
      this.#steps.delete(key)
      throw error
    }
  }

  /** What this process has delivered itself was logged since then, and is no overlap. */
  async #readSteps(key: string): Promise<ReadonlySet<number>> {
    const { seen, readHistory } = this.#parts
    const { untilMs, againFromMs = Infinity } = seen
    const others = (await readHistory(key)).filter(
      ({ timestampMs }) => timestampMs <= untilMs || timestampMs >= againFromMs,
    )
    return new Set(others.map(({ step }) => step))
  }

  #lastOf(key: string): number {
    return this.#last.get(key) ?? -Infinity
  }
}
