import type { AuditRecord } from './record.ts'

/** Where records are kept. */
export interface Sink {
  readonly name: 'file' | 'table'
  /** Takes all of them or none; takes what it already has without harm. */
  append(records: readonly AuditRecord[]): Promise<void>
  olderThan(time: string): Promise<Aged>
  /** Drops the records of each chain up to a number. */
  drop(upTo: Readonly<Record<string, number>>): Promise<void>
  close(): Promise<void>
}

/** What of each chain has its time behind it, up to which number. */
export interface Aged {
  /**
   * Records that are all older than a time (ISO 8601): those from the beginning on, up to the first that is not.
   * One that was written under a wrong clock says nothing about those before it.
   */
  readonly old: Readonly<Record<string, number>>
  /** Records that are not there any more. */
  readonly gone: Readonly<Record<string, number>>
}

/** Records of one chain that a sink never got, first and last included. */
export interface MissingRange {
  readonly from: number
  readonly to: number
}

const batchSize = 500

/** What waits for one sink, in order and bounded: a disk that is full must not fill the memory. */
export class Backlog {
  readonly sink: Sink
  readonly #limit: number
  readonly #waiting: AuditRecord[] = []
  #missing: MissingRange[] = []
  #writing: Promise<void> | undefined

  constructor(sink: Sink, limit: number) {
    this.sink = sink
    this.#limit = limit
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0
  }

  /** False when there is no room left: this sink will never get the record. */
  add(record: AuditRecord): boolean {
    if (this.#waiting.length < this.#limit) {
      this.#waiting.push(record)
      return true
    }
    const last = this.#missing.at(-1)
    if (last?.to === record.seq - 1) this.#missing.splice(-1, 1, { from: last.from, to: record.seq })
    else this.#missing.push({ from: record.seq, to: record.seq })
    return false
  }

  /** Writes all that waits, also what comes while it writes; rejects when the sink does not take it. */
  flush(): Promise<void> {
    this.#writing ??= this.#write().finally(() => (this.#writing = undefined))
    return this.#writing
  }

  /** What was lost for want of room, once everything else is written. */
  takeMissing(): readonly MissingRange[] {
    if (!this.isEmpty) return []
    const missing = this.#missing
    this.#missing = []
    return missing
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, batchSize)
      await this.sink.append(batch)
      this.#waiting.splice(0, batch.length)
    }
  }
}
