/**
 * Extras for the runs of a training program: `@soen/mlflow-client/training`.
 *
 * @module training
 */

export { defineMetrics } from './metric-log.ts'
export type { BestValue, MetricLog, MetricLogOptions, MetricRule } from './metric-log.ts'
export { readBest } from './read-best.ts'
export type { ResumedRun } from './read-best.ts'
export { captureConsole } from './capture-console.ts'
export type { ConsoleOptions } from './capture-console.ts'
export { runSweep } from './run-sweep.ts'
export type { SweepOptions, SweepResult, Trial } from './run-sweep.ts'
export type { NumberRange, SearchSpace, TrialParams } from './plan-trials.ts'
export { describeRows, describeTensors } from './describe-dataset.ts'
export type { DatasetOrigin, DatasetRows } from './describe-dataset.ts'
export type { Tensor, TensorData } from './tensor-digest.ts'
export { alert, alertByWebhook } from './alert.ts'
export type { AlertLevel, AlertOptions } from './alert.ts'
