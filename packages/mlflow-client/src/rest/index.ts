/**
 * Client and server sides of MLflow's REST API: `@soen/mlflow-client/rest`.
 *
 * @module rest
 */

// MLflow's REST API, one attempt per call.
export { call } from './call.ts'
export { createTransport } from './transport.ts'
export type { ArtifactContent } from './content.ts'
export type { HttpMethod, RequestParts, Transport, TransportOptions } from './transport.ts'
export {
  createExperiment,
  deleteExperiment,
  deleteExperimentTag,
  getExperiment,
  getExperimentByName,
  renameExperiment,
  restoreExperiment,
  searchExperiments,
  setExperimentTag,
} from './experiments.ts'
export type { ExperimentSearch } from './experiments.ts'
export { createRun, deleteRun, getRun, restoreRun, searchRuns, updateRun } from './runs.ts'
export type { NewRun, RunSearch, RunUpdate } from './runs.ts'
export { logBatch } from './log-batch.ts'
export type { NamedMetric, RunBatch } from './log-batch.ts'
export { deleteRunTag, logParam, setRunTag } from './run-data.ts'
export { logInputs, logOutputs, searchDatasets } from './inputs.ts'
export type { WireDatasetSummary } from './inputs.ts'
export { getMetricHistory, getMetricHistoryBulk, getMetricHistorySampled } from './metrics.ts'
export type { MetricPoint, RunMetricPoint } from './metrics.ts'
export { deleteArtifact, downloadArtifact, listArtifacts, putArtifact, walkArtifacts } from './artifacts.ts'
export {
  createRegisteredModel,
  deleteModelAlias,
  deleteRegisteredModel,
  deleteRegisteredModelTag,
  getModelVersionByAlias,
  getRegisteredModel,
  renameRegisteredModel,
  searchRegisteredModels,
  setModelAlias,
  setRegisteredModelTag,
  updateRegisteredModel,
} from './registered-models.ts'
export type { RegisteredModelSearch } from './registered-models.ts'
export {
  createModelVersion,
  deleteModelVersion,
  deleteModelVersionTag,
  getModelVersion,
  getModelVersionUri,
  searchModelVersions,
  setModelVersionTag,
  updateModelVersion,
} from './model-versions.ts'
export type { ModelVersionSearch, NewModelVersion, VersionName } from './model-versions.ts'
export {
  createLoggedModel,
  deleteLoggedModel,
  deleteLoggedModelTag,
  finalizeLoggedModel,
  getLoggedModel,
  listLoggedModelArtifacts,
  logLoggedModelParams,
  searchLoggedModels,
  setLoggedModelTags,
} from './logged-models.ts'
export type { LoggedModelSearch, NewLoggedModel } from './logged-models.ts'
export { createWebhook, deleteWebhook, listWebhooks } from './webhooks.ts'
export type { NewWebhook, WebhookEvent, WireWebhook } from './webhooks.ts'
export type {
  LoggedModelStatus,
  WireLoggedModel,
  WireModelVersion,
  WireRegisteredModel,
} from './wire-models.ts'
export type {
  RunStatus,
  ViewType,
  WireDataset,
  WireDatasetInput,
  WireExperiment,
  WireFile,
  WireKeyValue,
  WireMetric,
  WireRun,
} from './wire.ts'
export type { WireDouble } from './double.ts'

export { MlflowError } from './mlflow-error.ts'
export type { MlflowErrorParts } from './mlflow-error.ts'

// The server side of the same API.
export { answerArtifact, answerRoute, errorAnswer } from './routes.ts'
export type { ArtifactHandlers, RouteHandlers, RouteRequest } from './routes.ts'
export { artifactPlace } from './artifact-route.ts'
export type { ArtifactPlace } from './artifact-route.ts'
export { refusal } from './refusal.ts'
export type { RefusalCode } from './refusal.ts'
export type { AnswerOf, RequestOf, RouteName } from './wire-routes.ts'
