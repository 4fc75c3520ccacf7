import type { SeenMetrics } from '../journal/header.ts'
import { itemsIn, type JournalRecord } from '../journal/records.ts'
import type { MetricsRecord } from '../journal/records/metrics.ts'
import type { MetricPoint } from '../rest/metrics.ts'

/** What a resumed run has from former processes of its job. */
export interface OverlapParts {
  readonly seen: SeenMetrics
  /** Whether a value is logged a second time where its step is there already. */
  readonly isKept: boolean
  readonly readHistory: (key: string) => Promise<readonly MetricPoint[]>
}

/** Records without the values that the server has from before, and how many those were. */
export interface Unseen {
  readonly records: readonly JournalRecord[]
  readonly skipped: number
}

/**
 * Leaves out what a former process of the job has logged already: of each metric the steps that the server has, and
 * no other; never a value to which the program gave no step. Counts of the client's own go on where they ended.
 */
export class Overlap {
  readonly #parts: OverlapParts
  readonly #last: ReadonlyMap<string, number>
  readonly #steps = new Map<string, Promise<ReadonlySet<number>>>()

  constructor(parts: OverlapParts) {
    this.#parts = parts
    this.#last = new Map(Object.entries(parts.seen.lastSteps))
  }

  /** Look through some records. Throws what reading a history throws. */
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
    // The usual case, all of a call lies beyond what was there, asks nobody.
    if (entries.every(([key]) => step > this.#lastOf(key))) return [record]
    const left: typeof entries = []
    for (const entry of entries) if (!(await this.#isSeen(entry[0], step))) left.push(entry)
    return left.length === 0 ? [] : [{ ...others, s: step, v: Object.fromEntries(left) }]
  }

  /** Metrics that ended at different counts, for instance of a GPU that came later, go on at their own. */
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

  /** What this process has delivered itself came between, and is no overlap. */
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
