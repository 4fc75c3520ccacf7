import type { RunStatus } from '../../rest/wire.ts'
import type { RecordKind } from './record-kind.ts'

/** The run's end. */
export interface EndRecord {
  readonly k: 'e'
  readonly at: number
  readonly status: RunStatus
}

/** The last one counts: a run may turn out to have failed after it was ended. */
export const end: RecordKind<EndRecord, EndRecord> = {
  items: () => 0,
  plan: (records) => records.slice(-1),
  send: async ({ at, status }, { endRun }) => {
    await endRun({ status, endTimeMs: at })
    return []
  },
}
