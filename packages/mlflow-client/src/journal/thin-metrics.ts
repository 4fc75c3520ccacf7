import type { WireDouble } from '../rest/double.ts'
import { itemsIn, type JournalRecord } from './records.ts'

/** Of so many consecutive points of one metric at most three are kept. */
const BUCKET = 32

interface Spot {
  readonly record: number
  readonly value: number
}

interface Bucket {
  readonly count: number
  readonly least: Spot
  readonly greatest: Spot
  readonly last: Spot
}

/**
 * Chooses which metric points are kept when the disk has no room for all.
 *
 * Of every 32 consecutive points of one metric the least, the greatest and the last are kept, so that a curve keeps
 * its shape and its peaks, and a metric that is logged rarely keeps everything.
 */
export class MetricThinner {
  readonly #open = new Map<string, Bucket>()
  readonly #kept = new Map<number, Set<string>>()
  #seen = 0

  /** Look at the next record, in order. */
  look(record: JournalRecord): void {
    if (record.k === 'm') {
      for (const [key, value] of Object.entries(record.v)) this.#put(key, value)
    }
    this.#seen += 1
  }

  /** There are no more records: the points of the last buckets are kept as well. */
  finish(): void {
    for (const [key, bucket] of this.#open) this.#keep(key, bucket)
    this.#open.clear()
  }

  /** What is kept of a record, by its number from 0; undefined when nothing is. */
  thin(record: JournalRecord, number: number): JournalRecord | undefined {
    if (record.k !== 'm') return record
    const kept = this.#kept.get(number)
    if (kept === undefined) return undefined
    if (kept.size === itemsIn(record)) return record
    return { ...record, v: Object.fromEntries(Object.entries(record.v).filter(([key]) => kept.has(key))) }
  }

  #put(key: string, value: WireDouble): void {
    const spot = { record: this.#seen, value: Number(value) }
    const bucket = grow(this.#open.get(key), spot)
    this.#open.set(key, bucket)
    if (bucket.count < BUCKET) return
    this.#keep(key, bucket)
    this.#open.delete(key)
  }

  #keep(key: string, { least, greatest, last }: Bucket): void {
    for (const { record } of [least, greatest, last]) {
      const keys = this.#kept.get(record) ?? new Set()
      this.#kept.set(record, keys.add(key))
    }
  }
}

function grow(bucket: Bucket | undefined, spot: Spot): Bucket {
  if (bucket === undefined) return { count: 1, least: spot, greatest: spot, last: spot }
  const { count, least, greatest } = bucket
  return {
    count: count + 1,
    // A bucket that began with NaN still finds its extremes.
    least: spot.value < least.value || Number.isNaN(least.value) ? spot : least,
    greatest: spot.value > greatest.value || Number.isNaN(greatest.value) ? spot : greatest,
    last: spot,
  }
}
