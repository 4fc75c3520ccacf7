import type { WireKeyValue, WireMetric } from './wire.ts'

// The shapes of the model registry and of logged models, in MLflow's own names.

/** A registered model. */
export interface WireRegisteredModel {
  readonly name: string
  readonly creation_timestamp?: number | string
  readonly last_updated_timestamp?: number | string
  readonly description?: string
  readonly latest_versions?: readonly WireModelVersion[]
  readonly tags?: readonly WireKeyValue[]
  readonly aliases?: readonly { readonly alias: string; readonly version: string }[]
}

/** One version of a registered model. */
export interface WireModelVersion {
  readonly name: string
  readonly version: string
  readonly creation_timestamp?: number | string
  readonly last_updated_timestamp?: number | string
  readonly description?: string
  /** The address its files were taken from. */
  readonly source?: string
  readonly run_id?: string
  readonly status?: 'PENDING_REGISTRATION' | 'FAILED_REGISTRATION' | 'READY'
  readonly status_message?: string
  readonly tags?: readonly WireKeyValue[]
  readonly aliases?: readonly string[]
}

/** A logged model: files that a step of a run produced. */
export interface WireLoggedModel {
  readonly info: {
    readonly model_id: string
    readonly experiment_id: string
    readonly name: string
    readonly artifact_uri?: string
    readonly status?: LoggedModelStatus
    readonly model_type?: string
    readonly source_run_id?: string
    readonly creation_timestamp_ms?: number | string
    readonly last_updated_timestamp_ms?: number | string
    readonly tags?: readonly WireKeyValue[]
  }
  readonly data?: {
    readonly params?: readonly WireKeyValue[]
    readonly metrics?: readonly WireMetric[]
  }
}

/** The states of a logged model. */
export type LoggedModelStatus = 'LOGGED_MODEL_PENDING' | 'LOGGED_MODEL_READY' | 'LOGGED_MODEL_UPLOAD_FAILED'
