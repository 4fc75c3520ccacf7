import { cutBatches, toBatchItem, type Batch } from '../../rest/log-batch.ts'
import { sendBatched } from './batched.ts'
import type { RecordKind } from './record-kind.ts'

/** Parameters. */
export interface ParamsRecord {
  readonly k: 'p'
  readonly v: Readonly<Record<string, string>>
}

/** All are sent, even a second value of one: the server keeps the first, and says so. */
export const params: RecordKind<ParamsRecord, Batch> = {
  items: ({ v }) => Object.keys(v).length,
  plan: (records) => {
    const entries = records.flatMap(({ v }) => Object.entries(v))
    return cutBatches(
      'params',
      entries.map(([key, value]) => toBatchItem({ key, value })),
    )
  },
  send: sendBatched,
}
