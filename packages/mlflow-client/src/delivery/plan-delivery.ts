import { RECORD_KINDS, type JournalRecord } from '../journal/records.ts'
import type { RecordKind } from '../journal/records/record-kind.ts'

/** One thing to send, and the record kind that knows how. */
export interface DeliveryStep {
  readonly kind: RecordKind
  readonly work: unknown
}

/** Group records into what is to be sent for them, kind by kind: parameters first, the run's end last. */
export function planDelivery(records: readonly JournalRecord[]): DeliveryStep[] {
  const byLetter = Map.groupBy<string, JournalRecord>(records, ({ k }) => k)
  return Object.entries(RECORD_KINDS).flatMap(([letter, kind]) =>
    kind.plan(byLetter.get(letter) ?? []).map((work) => ({ kind, work })),
  )
}
