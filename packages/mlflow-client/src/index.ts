/**
 * What a training program calls, its settings, and all of MLflow’s REST API.
 *
 * @module core
 */

// What a training program calls.
export { init, Client } from './run/client.ts'
export type { ClientEvents, ClientParts, InitOptions, StateChange, UploadProgress } from './run/client.ts'
export type { JournalPolicy } from './journal/journal-policy.ts'
export type { ArtifactOptions, EndOptions, LogOptions, Run, RunOptions, WaitOptions } from './run/run.ts'
export type { ParamValue } from './run/flatten.ts'
export type { Dataset } from './run/dataset.ts'
export type { Receipt } from './delivery/receipt.ts'
export type { RemoteRun } from './journal/header.ts'

// Settings.
export { loadConfig } from './settings/load-config.ts'
export { loadSettings } from './settings/load-settings.ts'
export type { LoadSettingsOptions } from './settings/load-settings.ts'
export type { StoredCredentials } from './settings/credentials-file.ts'
export { resolveSettings, defaultSpoolDir } from './settings/settings.ts'
export type {
  CallSettings,
  DisabledSettings,
  FileSettings,
  Identity,
  RemoteSettings,
  ServerSettings,
  Settings,
  SettingsSources,
} from './settings/settings.ts'
export type { LoggingBlock } from './settings/logging-block.ts'
export { parseStoreUri } from './settings/store-uri.ts'
export { parseTrackingUri, redactUri } from './settings/tracking-uri.ts'
export type { Credentials, ParsedTrackingUri } from './settings/tracking-uri.ts'
export { sanitizeName } from './run/sanitize.ts'
export type { SanitizeOptions } from './run/sanitize.ts'

// What an earlier process left behind.
export { listJournals } from './delivery/list-journals.ts'
export type { WaitingRun } from './delivery/list-journals.ts'
export { syncJournals } from './delivery/sync-journals.ts'
export type { SyncedRun, SyncOptions } from './delivery/sync-journals.ts'
export type { DeliveryState } from './delivery/patience.ts'
export type { Environment } from './settings/environment.ts'
export type { RetryPolicy } from './settings/retry-policy.ts'

// MLflow's REST API, one attempt per call.
export { createTransport } from './rest/transport.ts'
export type { ArtifactContent } from './rest/content.ts'
export type { RequestParts, Transport, TransportOptions } from './rest/transport.ts'
export type { HttpMethod } from './rest/transport.ts'
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
} from './rest/experiments.ts'
export type { ExperimentSearch } from './rest/experiments.ts'
export { createRun, deleteRun, getRun, restoreRun, searchRuns, updateRun } from './rest/runs.ts'
export type { NewRun, RunSearch, RunUpdate } from './rest/runs.ts'
export { logBatch } from './rest/log-batch.ts'
export type { NamedMetric, RunBatch } from './rest/log-batch.ts'
export { deleteRunTag, logParam, setRunTag } from './rest/run-data.ts'
export { logInputs, logOutputs, searchDatasets } from './rest/inputs.ts'
export type { WireDatasetSummary } from './rest/inputs.ts'
export { getMetricHistory, getMetricHistoryBulk, getMetricHistorySampled } from './rest/metrics.ts'
export type { MetricPoint, RunMetricPoint } from './rest/metrics.ts'
export {
  deleteArtifact,
  downloadArtifact,
  listArtifacts,
  putArtifact,
  walkArtifacts,
} from './rest/artifacts.ts'
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
} from './rest/registered-models.ts'
export type { RegisteredModelSearch } from './rest/registered-models.ts'
export {
  createModelVersion,
  deleteModelVersion,
  deleteModelVersionTag,
  getModelVersion,
  getModelVersionUri,
  searchModelVersions,
  setModelVersionTag,
  updateModelVersion,
} from './rest/model-versions.ts'
export type { ModelVersionSearch, NewModelVersion, VersionName } from './rest/model-versions.ts'
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
} from './rest/logged-models.ts'
export type { LoggedModelSearch, NewLoggedModel } from './rest/logged-models.ts'
export type {
  LoggedModelStatus,
  WireLoggedModel,
  WireModelVersion,
  WireRegisteredModel,
} from './rest/wire-models.ts'
export type {
  RunStatus,
  ViewType,
  WireDatasetInput,
  WireExperiment,
  WireFile,
  WireKeyValue,
  WireMetric,
  WireRun,
} from './rest/wire.ts'
export type { WireDouble } from './rest/double.ts'

// Errors.
export { CLIENT_ERROR_CODES, ClientError } from './errors/client-error.ts'
export type { ClientErrorCode, ErrorParts } from './errors/client-error.ts'
export { MlflowError } from './rest/mlflow-error.ts'
export type { MlflowErrorParts } from './rest/mlflow-error.ts'

// A store in MLflow's own file format.
export { createFileTransport } from './local-store/file-transport.ts'
export { readExperiments, readRuns } from './local-store/read-store.ts'
export type { StoredExperiment, StoredExperiments } from './local-store/read-store.ts'
export { latestPoint, readRunFolder } from './local-store/read-run.ts'
export type { StoredRun, TornPart } from './local-store/read-run.ts'
export type { ExperimentMeta } from './local-store/experiment-meta.ts'
export type { RunMeta } from './local-store/run-meta.ts'
export type { StoredPoint } from './local-store/metric-line.ts'
export type { StoredDataset } from './local-store/inputs.ts'
export { repairStore } from './local-store/repair/repair-store.ts'
export type { RepairOptions, RepairReport, RepairResult } from './local-store/repair/repair-store.ts'
export type { StoreRepair } from './local-store/repair/plan-repairs.ts'
