import type { WireDouble } from './double.ts'

// The server's own names and types, as in its REST API. 64-bit integers may be strings.

/** A tag or parameter. */
export interface WireKeyValue {
  readonly key: string
  readonly value: string
}

/** One metric point. */
export interface WireMetric {
  readonly key: string
  readonly value: WireDouble
  readonly timestamp: number | string
  readonly step?: number | string
}

/** The states of a run. */
export type RunStatus = 'RUNNING' | 'SCHEDULED' | 'FINISHED' | 'FAILED' | 'KILLED'

/** A run in the server's form. Empty lists are left out. */
export interface WireRun {
  readonly info: {
    readonly run_id: string
    readonly run_name?: string
    readonly experiment_id: string
    readonly status: RunStatus
    readonly start_time?: number | string
    readonly end_time?: number | string
    readonly artifact_uri?: string
    readonly lifecycle_stage: 'active' | 'deleted'
    readonly user_id?: string
  }
  readonly data: {
    /** The last value of each metric. */
    readonly metrics?: readonly WireMetric[]
    readonly params?: readonly WireKeyValue[]
    readonly tags?: readonly WireKeyValue[]
  }
  readonly inputs?: {
    readonly dataset_inputs?: readonly WireDatasetInput[]
    readonly model_inputs?: readonly { readonly model_id: string }[]
  }
  readonly outputs?: {
    readonly model_outputs?: readonly { readonly model_id: string; readonly step?: number | string }[]
  }
}

/** A dataset that a run used, with its purpose. */
export interface WireDatasetInput {
  readonly tags?: readonly WireKeyValue[]
  readonly dataset: WireDataset
}

/** A dataset: its source and its version. */
export interface WireDataset {
  readonly name: string
  readonly digest: string
  readonly source_type: string
  readonly source: string
  readonly schema?: string
  readonly profile?: string
}

/** An experiment. */
export interface WireExperiment {
  readonly experiment_id: string
  readonly name: string
  readonly artifact_location?: string
  readonly lifecycle_stage: 'active' | 'deleted'
  readonly creation_time?: number | string
  readonly last_update_time?: number | string
  readonly tags?: readonly WireKeyValue[]
}

/** A file or folder among a run's artifacts. */
export interface WireFile {
  readonly path: string
  readonly is_dir?: boolean
  readonly file_size?: number | string
}

/** Whether a search finds active or deleted things, or both. */
export type ViewType = 'ACTIVE_ONLY' | 'DELETED_ONLY' | 'ALL'
