import { call, locateRoute } from './call.ts'
import { toWireDouble } from './double.ts'
import type { MetricPoint } from './metrics.ts'
import type { RequestParts, Transport } from './transport.ts'
import type { WireKeyValue, WireMetric } from './wire.ts'

/** A point with its metric's name. */
export interface NamedMetric extends MetricPoint {
  readonly key: string
}

/** The content of one request: at most 1000 metrics, 100 params and 100 tags, 1000 in all. */
export interface RunBatch {
  readonly runId: string
  readonly metrics?: readonly NamedMetric[]
  readonly params?: readonly WireKeyValue[]
  readonly tags?: readonly WireKeyValue[]
}

/** Log several items at once. The server refuses all of them if one is invalid. */
export async function logBatch(
  transport: Transport,
  { runId, metrics = [], params = [], tags = [] }: RunBatch,
): Promise<void> {
  const points = metrics.map(({ key, value, step, timestampMs }) => ({
    key,
    // Never a bare NaN or a fraction: the server would answer 200 and drop what follows.
    value: toWireDouble(value),
    step: Math.trunc(step),
    timestamp: Math.trunc(timestampMs),
  }))
  await call(transport, 'POST runs/log-batch', { run_id: runId, metrics: points, params, tags })
}

/** One item of a batch: its name for messages, and its JSON, serialised once. */
export interface BatchItem {
  readonly name: string
  readonly json: string
}

/** The items of one request; all of one kind, so that an invalid item affects no other kind. */
export interface Batch {
  readonly kind: 'metrics' | 'params' | 'tags'
  readonly items: readonly BatchItem[]
}

/** MLflow's limits per request. */
const MAX_ITEMS: Readonly<Record<Batch['kind'], number>> = { metrics: 1000, params: 100, tags: 100 }
/** Below the 1 MB at which nginx answers 413 unless told otherwise. */
const MAX_BYTES = 900_000

/** Serialise an item for a batch. */
export function toBatchItem(item: WireMetric | WireKeyValue): BatchItem {
  return { name: item.key, json: JSON.stringify(item) }
}

/** Split items of one kind into requests that the server accepts, in order. */
export function cutBatches(kind: Batch['kind'], items: readonly BatchItem[]): Batch[] {
  const batches: { kind: Batch['kind']; items: BatchItem[] }[] = []
  let current: BatchItem[] = []
  let bytes = 0
  // MLflow refuses a batch that names a parameter twice, even with the same value.
  let named = new Set<string>()
  for (const item of items) {
    const size = Buffer.byteLength(item.json) + 1
    const isFull = current.length >= MAX_ITEMS[kind] || bytes + size > MAX_BYTES
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

/** Send one batch; resolves to the size of the request in bytes. */
export async function sendBatch(
  transport: Transport,
  runId: string,
  batch: Batch,
  { signal }: Pick<RequestParts, 'signal'> = {},
): Promise<number> {
  const { method, path, proof } = locateRoute('POST runs/log-batch')
  const jsonText = batchBody(runId, batch)
  await transport.json(method, path, { jsonText, signal, proof })
  return Buffer.byteLength(jsonText)
}

/** The body of a request, assembled from items that are JSON already. */
export function batchBody(runId: string, { kind, items }: Batch): string {
  return `{"run_id":${JSON.stringify(runId)},"${kind}":[${items.map(({ json }) => json).join(',')}]}`
}
