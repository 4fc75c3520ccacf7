/**
 * A folder in MLflow's own file format: `@soen/mlflow-client/local-store`.
 *
 * @module local-store
 */

// A store in MLflow's own file format.
export { createFileTransport } from './file-transport.ts'
export { parseRunFilter } from './run-filter.ts'
export { readExperiments, readRuns } from './read-store.ts'
export type { StoredExperiment, StoredExperiments } from './read-store.ts'
export { latestPoint, readRunFolder } from './read-run.ts'
export type { StoredRun, TornPart } from './read-run.ts'
export type { ExperimentMeta } from './experiment-meta.ts'
export type { RunMeta } from './run-meta.ts'
export type { StoredPoint } from './metric-line.ts'
export type { StoredDataset } from './inputs.ts'
export { repairStore } from './repair/repair-store.ts'
export type { RepairOptions, RepairReport, RepairResult } from './repair/repair-store.ts'
export type { StoreRepair } from './repair/plan-repairs.ts'
