import { toWireDouble } from './double.ts'
import type { MetricPoint } from './metrics.ts'
import type { Transport } from './transport.ts'
import type { WireKeyValue } from './wire.ts'

const PATH = '/api/2.0/mlflow/runs'

/** A point and the metric it belongs to. */
export interface NamedMetric extends MetricPoint {
  readonly key: string
}

/** What one request logs: at most 1000 metrics, 100 params and 100 tags, 1000 in all. */
export interface RunBatch {
  readonly runId: string
  readonly metrics?: readonly NamedMetric[]
  readonly params?: readonly WireKeyValue[]
  readonly tags?: readonly WireKeyValue[]
}

/** Log many things at once. One bad item makes the server refuse all of them. */
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
  await transport.json('POST', `${PATH}/log-batch`, {
    json: { run_id: runId, metrics: points, params, tags },
  })
}

/** Set one parameter; it keeps its first value, and another one is refused. */
export async function logParam(
  transport: Transport,
  { runId, key, value }: { readonly runId: string } & WireKeyValue,
): Promise<void> {
  await transport.json('POST', `${PATH}/log-parameter`, { json: { run_id: runId, key, value } })
}

/** Set one tag of a run. */
export async function setRunTag(
  transport: Transport,
  { runId, key, value }: { readonly runId: string } & WireKeyValue,
): Promise<void> {
  await transport.json('POST', `${PATH}/set-tag`, { json: { run_id: runId, key, value } })
}

/** Remove one tag of a run. */
export async function deleteRunTag(
  transport: Transport,
  { runId, key }: { readonly runId: string; readonly key: string },
): Promise<void> {
  await transport.json('POST', `${PATH}/delete-tag`, { json: { run_id: runId, key } })
}
