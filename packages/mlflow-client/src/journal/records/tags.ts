import { cutBatches, toBatchItem, type Batch } from '../../rest/log-batch.ts'
import { sendBatched } from './batched.ts'
import type { RecordKind } from './record-kind.ts'

/** Tags. */
export interface TagsRecord {
  readonly k: 't'
  /** `null` removes a tag. */
  readonly v: Readonly<Record<string, string | null>>
}

/** Only the last value of a tag counts, and only that is sent. */
export const tags: RecordKind<TagsRecord, Batch | string> = {
  items: ({ v }) => Object.keys(v).length,
  plan: (records) => {
    const last = [...new Map(records.flatMap(({ v }) => Object.entries(v)))]
    const set = last.flatMap(([key, value]) => (value === null ? [] : toBatchItem({ key, value })))
    const removed = last.flatMap(([key, value]) => (value === null ? key : []))
    return [...cutBatches('tags', set), ...removed]
  },
  send: async (work, delivery) => {
    if (typeof work !== 'string') return await sendBatched(work, delivery)
    // Loaded only by runs that remove tags.
    await (await import('./remove-tag.ts')).removeTag(work, delivery)
    return []
  },
}
