/**
 * Integrations for training loops: `@soen/mlflow-client/integrations`.
 *
 * @module integrations
 */

// What a training loop plugs in.
export { SafeMLFlowLogger } from './safe-mlflow-logger.ts'
export type { FinalStatus, SafeMLFlowLoggerOptions } from './safe-mlflow-logger.ts'
export { SOENModelCheckpoint } from './model-checkpoint.ts'
export type { SOENModelCheckpointOptions } from './model-checkpoint.ts'
export type { CheckpointWatcher, WatchOptions } from './watch-checkpoints.ts'
export type { RunHolder } from './run-holder.ts'
