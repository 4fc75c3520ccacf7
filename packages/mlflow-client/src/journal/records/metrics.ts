import type { WireDouble } from '../../rest/double.ts'
import { cutBatches, toBatchItem, type Batch, type BatchItem } from '../../rest/log-batch.ts'
import { sendBatched } from './batched.ts'
import type { RecordKind } from './record-kind.ts'

/** The metrics of one log call. */
export interface MetricsRecord {
  readonly k: 'm'
  /** When it was accepted, in ms: fixed here, so that a repeated delivery is no second point. */
  readonly at: number
  /** Step. */
  readonly s: number
  readonly v: Readonly<Record<string, WireDouble>>
}

/** Sent in the order of the calls; what the server has from before a restart is left out. */
export const metrics: RecordKind<MetricsRecord, Batch> = {
  items: ({ v }) => Object.keys(v).length,
  plan: (records, { seenSteps = {} }) => {
    const seen = new Map(Object.entries(seenSteps))
    const items: BatchItem[] = []
    for (const { at, s, v } of records) {
      for (const [key, value] of Object.entries(v)) {
        if (s <= (seen.get(key) ?? -Infinity)) continue
        items.push(toBatchItem({ key, value, timestamp: at, step: s }))
      }
    }
    return cutBatches('metrics', items)
  },
  send: sendBatched,
}
