import { cutBatches, toBatchItem, type Batch } from '../../rest/log-batch.ts'
import { sendBatched } from './batched.ts'
import type { RecordKind } from './record-kind.ts'

/** Tags. */
export interface TagsRecord {
  readonly k: 't'
  readonly v: Readonly<Record<string, string>>
}

/** The last value of a tag is the one that counts, and the only one that is sent. */
export const tags: RecordKind<TagsRecord, Batch> = {
  items: ({ v }) => Object.keys(v).length,
  plan: (records) => {
    const last = new Map(records.flatMap(({ v }) => Object.entries(v)))
    return cutBatches(
      'tags',
      Array.from(last, ([key, value]) => toBatchItem({ key, value })),
    )
  },
  send: sendBatched,
}
