import type { ArtifactRecord, EndRecord, InputRecord, JournalRecord } from '../journal/records.ts'
import type { RemoteRun } from '../journal/header.ts'
import type { WireMetric } from '../rest/wire.ts'

/** One thing in a batch: its name for messages, and its JSON, written once. */
export interface BatchItem {
  readonly name: string
  readonly json: string
}

/** The items of one log-batch request; a request carries one kind, so that one kind's mistake is its own. */
export interface Batch {
  readonly kind: 'metrics' | 'params' | 'tags'
  readonly items: readonly BatchItem[]
}

/** What to send for some records, in this order. */
export interface DeliveryPlan {
  readonly batches: readonly Batch[]
  readonly inputs: readonly InputRecord[]
  readonly artifacts: readonly ArtifactRecord[]
  readonly end: EndRecord | undefined
}

/** Limits of one request. */
export interface BatchLimits {
  readonly metrics: number
  readonly texts: number
  readonly bytes: number
}

/** MLflow's limits; the bytes stay below the 1 MB at which nginx answers 413 unless told otherwise. */
export const BATCH_LIMITS: BatchLimits = { metrics: 1000, texts: 100, bytes: 900_000 }

/**
 * Turn records into requests: parameters and tags first, then metrics in order, datasets, files, the end.
 *
 * @param seenSteps - the last step of each metric that the server has from before a restart
 */
export function planDelivery(
  records: readonly JournalRecord[],
  limits: BatchLimits = BATCH_LIMITS,
  seenSteps: RemoteRun['seenSteps'] = {},
): DeliveryPlan {
  const seen = new Map(Object.entries(seenSteps))
  const params: BatchItem[] = []
  const tags = new Map<string, BatchItem>()
  const metrics: BatchItem[] = []
  const inputs: InputRecord[] = []
  const artifacts: ArtifactRecord[] = []
  let end: EndRecord | undefined

  for (const record of records) {
    switch (record.k) {
      case 'm':
        for (const [key, value] of Object.entries(record.v)) {
          if (record.s <= (seen.get(key) ?? -Infinity)) continue
          const metric: WireMetric = { key, value, timestamp: record.at, step: record.s }
          metrics.push({ name: key, json: JSON.stringify(metric) })
        }
        break
      case 'p':
        params.push(...textItems(record.v))
        break
      case 't':
        // The last value of a tag is the one that counts.
        for (const item of textItems(record.v)) tags.set(item.name, item)
        break
      case 'i':
        inputs.push(record)
        break
      case 'a':
        artifacts.push(record)
        break
      case 'e':
        end = record
        break
    }
  }
  const batches = [
    ...cut('params', params, limits.texts, limits.bytes),
    ...cut('tags', [...tags.values()], limits.texts, limits.bytes),
    ...cut('metrics', metrics, limits.metrics, limits.bytes),
  ]
  return { batches, inputs, artifacts, end }
}

/** The body of a log-batch request. */
export function batchBody(runId: string, { kind, items }: Batch): string {
  return `{"run_id":${JSON.stringify(runId)},"${kind}":[${items.map(({ json }) => json).join(',')}]}`
}

function textItems(texts: Readonly<Record<string, string>>): BatchItem[] {
  return Object.entries(texts).map(([key, value]) => ({ name: key, json: JSON.stringify({ key, value }) }))
}

function cut(kind: Batch['kind'], items: readonly BatchItem[], maxItems: number, maxBytes: number): Batch[] {
  const batches: { kind: Batch['kind']; items: BatchItem[] }[] = []
  let current: BatchItem[] = []
  let bytes = 0
  // MLflow refuses a batch that names a parameter twice, even with one value.
  let named = new Set<string>()
  for (const item of items) {
    const size = Buffer.byteLength(item.json) + 1
    const isFull = current.length >= maxItems || bytes + size > maxBytes
    if (current.length === 0 || isFull || (kind === 'params' && named.has(item.name))) {
      current = []
      batches.push({ kind, items: current })
      bytes = 0
      named = new Set()
    }
    current.push(item)
    named.add(item.name)
    bytes += size
  }
  return batches
}
