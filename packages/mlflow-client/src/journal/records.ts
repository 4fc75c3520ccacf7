import type { WireDouble } from '../rest/double.ts'
import type { RunStatus, WireDataset } from '../rest/wire.ts'

// One journal line each. Keys are short because a million of these lie on disk.

/** The metrics of one log call. */
interface MetricsRecord {
  readonly k: 'm'
  /** When it was accepted, in ms: fixed here, so that a repeated delivery is no second point. */
  readonly at: number
  /** Step. */
  readonly s: number
  readonly v: Readonly<Record<string, WireDouble>>
}

/** Parameters or tags. */
interface TextsRecord {
  readonly k: 'p' | 't'
  readonly v: Readonly<Record<string, string>>
}

/** A file to upload. */
export interface ArtifactRecord {
  readonly k: 'a'
  /** Absolute, or relative to the journal's folder when the journal owns it. */
  readonly file: string
  /** Where a copy of it lies once it has been made, relative to the journal's folder. */
  readonly copy?: string
  /** Path among the run's artifacts. */
  readonly to: string
}

/** A dataset that the run reads. */
export interface InputRecord {
  readonly k: 'i'
  readonly dataset: WireDataset
  /** What it is read for, for instance `training`. */
  readonly context?: string | undefined
}

/** The run's end. */
export interface EndRecord {
  readonly k: 'e'
  readonly at: number
  readonly status: RunStatus
}

/** Anything a journal holds. */
export type JournalRecord = MetricsRecord | TextsRecord | InputRecord | ArtifactRecord | EndRecord

/** How many of the caller's items a record carries; the end is not one. */
export function itemsIn(record: JournalRecord): number {
  switch (record.k) {
    case 'm':
    case 'p':
    case 't':
      return Object.keys(record.v).length
    case 'i':
    case 'a':
      return 1
    case 'e':
      return 0
    default:
      return record satisfies never
  }
}

/** Whether a parsed line is a record this version knows. The checksum vouches for the rest of its shape. */
export function isJournalRecord(value: unknown): value is JournalRecord {
  if (typeof value !== 'object' || value === null || !('k' in value)) return false
  return typeof value.k === 'string' && ['m', 'p', 't', 'i', 'a', 'e'].includes(value.k)
}
