import type { HeldFile } from '../../artifacts/take-file.ts'
import type { RecordKind } from './record-kind.ts'

/** A file to upload. */
export interface ArtifactRecord extends HeldFile {
  readonly k: 'a'
  /** Path among the run's artifacts. */
  readonly to: string
}

/** Files have a lane of their own, so that a large or refused one holds up nothing else. */
export const artifact: RecordKind<ArtifactRecord, ArtifactRecord> = {
  items: () => 1,
  plan: (records) => records,
  send: async (record, { handOver }) => {
    await handOver(record)
    return []
  },
}
