/**
 * Models of a run, and their versions in the registry: `@soen/mlflow-client/models`.
 *
 * @module models
 */

export { logModel } from './log-model.ts'
export type { Model } from './log-model.ts'
export type { ColumnField, ModelSignature, TensorField } from './model-file.ts'
export { registerModel } from './register-model.ts'
export type { Registration } from './register-model.ts'
