import { call } from './call.ts'
import { fromWireDouble } from './double.ts'
import { everyItem } from './paging.ts'
import type { Transport } from './transport.ts'
import type { WireMetric } from './wire.ts'

/** One point of a metric's history. */
export interface MetricPoint {
  readonly value: number
  readonly step: number
  /** Milliseconds since 1970. */
  readonly timestampMs: number
}

/** A point with its run. */
export interface RunMetricPoint extends MetricPoint {
  readonly runId: string
}

/** The whole history of one metric, fetched page by page. */
export async function* getMetricHistory(
  transport: Transport,
  {
    runId,
    key,
    pageSize = 10_000,
  }: { readonly runId: string; readonly key: string; readonly pageSize?: number },
): AsyncGenerator<MetricPoint, void, undefined> {
  const points = everyItem(
    (token) =>
      call(transport, 'GET metrics/get-history', {
        run_id: runId,
        metric_key: key,
        max_results: pageSize,
        page_token: token,
      }),
    (page) => page.metrics,
  )
  for await (const point of points) yield toPoint(point)
}

/** One metric of up to 100 runs at once: run after run, at most 25,000 points in all. */
export async function getMetricHistoryBulk(
  transport: Transport,
  {
    runIds,
    key,
    limit = 25_000,
  }: { readonly runIds: readonly string[]; readonly key: string; readonly limit?: number },
): Promise<readonly RunMetricPoint[]> {
  const answer = await transport.json<{ metrics?: readonly (WireMetric & { readonly run_id: string })[] }>(
    'GET',
    // MLflow has this route for its own page only.
    '/ajax-api/2.0/mlflow/metrics/get-history-bulk',
    { query: { run_id: runIds, metric_key: key, max_results: limit } },
  )
  return toRunPoints(answer.metrics)
}

/** One metric of up to 100 runs, evenly sampled by the server, for charts. */
export async function getMetricHistorySampled(
  transport: Transport,
  {
    runIds,
    key,
    firstStep,
    lastStep,
    pointsPerRun = 320,
  }: {
    readonly runIds: readonly string[]
    readonly key: string
    readonly firstStep?: number
    readonly lastStep?: number
    /** At most 2500. */
    readonly pointsPerRun?: number
  },
): Promise<readonly RunMetricPoint[]> {
  const answer = await transport.json<{ metrics?: readonly (WireMetric & { readonly run_id: string })[] }>(
    'GET',
    '/api/2.0/mlflow/metrics/get-history-bulk-interval',
    {
      query: {
        run_ids: runIds,
        metric_key: key,
        start_step: firstStep,
        end_step: lastStep,
        max_results: pointsPerRun,
      },
    },
  )
  return toRunPoints(answer.metrics)
}

function toRunPoints(
  metrics: readonly (WireMetric & { readonly run_id: string })[] = [],
): readonly RunMetricPoint[] {
  return metrics.map((metric) => Object.assign(toPoint(metric), { runId: metric.run_id }))
}

function toPoint({ value, step, timestamp }: WireMetric): MetricPoint {
  return { value: fromWireDouble(value), step: Number(step ?? 0), timestampMs: Number(timestamp) }
}
