/**
 * Reading back what was logged, from a server or a local store, with the client's own credentials:
 * `@soen/mlflow-client/read`.
 *
 * @module read
 */

export { createReader } from './reader.ts'
export type { Reader, ReaderOptions, RunQuery } from './reader.ts'
export type { RunRecord } from './read-run.ts'
export type { MetricPoint, RunMetricPoint } from '../rest/metrics.ts'
