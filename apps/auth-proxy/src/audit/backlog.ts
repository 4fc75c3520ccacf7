import type { AuditRecord } from './record.ts'

/** A place where audit records are stored. */
export interface Sink {
  readonly name: 'file' | 'table'
  /** Stores all records or none; storing a record twice is harmless. */
  append(records: readonly AuditRecord[]): Promise<void>
  olderThan(time: string): Promise<Aged>
  /** Deletes the records of each chain up to and including a number. */
  drop(upTo: Readonly<Record<string, number>>): Promise<void>
  close(): Promise<void>
}

/** The records that are past their retention, as the last number of each chain. */
export interface Aged {
  /**
   * The leading records of a chain that are all older than a time (ISO 8601), up to the first that is not: a
   * record written under a wrong clock says nothing about those before it.
   */
  readonly old: Readonly<Record<string, number>>
  /** Records that were deleted already. */
  readonly gone: Readonly<Record<string, number>>
}

/** A range of records of one chain that a sink never got, both ends included. */
export interface MissingRange {
  readonly from: number
  readonly to: number
}

const batchSize = 500

/** The queue of one sink, in order and bounded: a full disk must not fill the memory. */
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

  /** Returns false when the queue is full: this sink will never get the record. */
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

  /** Writes everything in the queue, including what arrives meanwhile; rejects when the sink fails. */
  flush(): Promise<void> {
    this.#writing ??= this.#write().finally(() => (this.#writing = undefined))
    return this.#writing
  }

  /** The ranges that were lost because the queue was full; empty until everything else is written. */
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
