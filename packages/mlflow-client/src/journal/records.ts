import { artifact, type ArtifactRecord } from './records/artifact.ts'
import { call } from './records/call.ts'
import type { CallRecord } from './records/call-record.ts'
import { end, type EndRecord } from './records/end.ts'
import { input, type InputRecord } from './records/input.ts'
import { metrics, type MetricsRecord } from './records/metrics.ts'
import { params, type ParamsRecord } from './records/params.ts'
import type { RecordKind } from './records/record-kind.ts'
import { tags, type TagsRecord } from './records/tags.ts'
import { text, type TextRecord } from './records/text.ts'

/** Any record of a journal. */
export type JournalRecord =
  | ParamsRecord
  | TagsRecord
  | MetricsRecord
  | InputRecord
  | CallRecord
  | ArtifactRecord
  | TextRecord
  | EndRecord

/** The kinds of records by their letter, in the order in which they are sent. */
export const RECORD_KINDS: Readonly<Record<JournalRecord['k'], RecordKind>> = {
  p: params,
  t: tags,
  m: metrics,
  i: input,
  c: call,
  a: artifact,
  x: text,
  e: end,
}

/** How many of the caller's items a record holds; the end is not one. */
export function itemsIn(record: JournalRecord): number {
  return RECORD_KINDS[record.k].items(record)
}

/** Whether a parsed line is a record that this version knows. The checksum guarantees the rest of its shape. */
export function isJournalRecord(value: unknown): value is JournalRecord {
  if (typeof value !== 'object' || value === null || !('k' in value)) return false
  return typeof value.k === 'string' && Object.hasOwn(RECORD_KINDS, value.k)
}
