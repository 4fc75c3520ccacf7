/**
 * Event files of TensorBoard: `@soen/mlflow-client/tensorboard`.
 *
 * @module tensorboard
 */

// Event files, as TensorBoard reads and PyTorch writes them.
export { TfEventReader } from './event-reader.ts'
export type { TfEventReaderOptions } from './event-reader.ts'
export { TfEventWriter } from './event-writer.ts'
export type { EventTime } from './event-writer.ts'
export type { TfEvent, TfHparams, TfScalar } from './event.ts'

// From a log folder to MLflow.
export { followTensorBoard } from './follow.ts'
export type { FollowOptions, TensorBoardFollower } from './follow.ts'
export { importTensorBoard } from './import.ts'
export type { ImportedFolder, ImportOptions } from './import.ts'
export type { PointSink } from './point-sink.ts'
