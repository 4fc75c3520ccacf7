import type { JournalChunk } from '../journal/journal.ts'

/** Where records come from: a live journal, or one that a dead process left. */
export interface RecordSource {
  readonly folder: string
  /** What follows the chunk, or what follows all that was acknowledged. */
  read(after?: JournalChunk): JournalChunk | undefined
  acknowledge(chunk: JournalChunk): void
}
