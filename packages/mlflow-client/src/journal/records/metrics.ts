import type { WireDouble } from '../../rest/double.ts'
import { cutBatches, toBatchItem, type Batch, type BatchItem } from '../../rest/log-batch.ts'
import { sendBatched } from './batched.ts'
import type { RecordKind } from './record-kind.ts'

/** The metrics of one log call. */
export interface MetricsRecord {
  readonly k: 'm'
  /** When it was accepted, in ms: fixed here, so that a repeated delivery creates no second point. */
  readonly at: number
  /** Step; missing where the program gave none, which MLflow shows at 0. */
  readonly s?: number
  /** The step is from a counter of the client's own, which continues where an earlier process of the job ended. */
  readonly c?: 1
  readonly v: Readonly<Record<string, WireDouble>>
}

/** Sent in the order of the calls. */
export const metrics: RecordKind<MetricsRecord, Batch> = {
  items: ({ v }) => Object.keys(v).length,
  plan: (records) => {
    const items: BatchItem[] = []
    for (const { at, s = 0, v } of records) {
      for (const [key, value] of Object.entries(v))
        items.push(toBatchItem({ key, value, timestamp: at, step: s }))
    }
    return cutBatches('metrics', items)
  },
  send: sendBatched,
}
