import type { JournalChunk } from '../journal/journal.ts'

/** The source of records: a live journal, or one that a dead process left. */
export interface RecordSource {
  readonly folder: string
  /** The records after the chunk, by default those after everything that was acknowledged. */
  read(after?: JournalChunk): JournalChunk | undefined
  acknowledge(chunk: JournalChunk): void
}
