import type { RecordKind } from './record-kind.ts'

/** A text that becomes a file, and lies in the journal itself: the spool folder could not take another file. */
export interface TextRecord {
  readonly k: 'x'
  readonly text: string
  /** Path among the run's artifacts. */
  readonly to: string
}

/** Sent as other files are. */
export const text: RecordKind<TextRecord, TextRecord> = {
  items: () => 1,
  plan: (records) => records,
  send: async (record, { handOver }) => {
    await handOver(record)
    return []
  },
}
