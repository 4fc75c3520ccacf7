import type { RecordKind } from './record-kind.ts'

/** A text to upload as a file, stored in the journal itself because the spool folder had no room for another file. */
export interface TextRecord {
  readonly k: 'x'
  readonly text: string
  /** Path among the run's artifacts. */
  readonly to: string
}

/** Sent like other files. */
export const text: RecordKind<TextRecord, TextRecord> = {
  items: () => 1,
  plan: (records) => records,
  send: async (record, { handOver }) => {
    await handOver(record)
    return []
  },
}
