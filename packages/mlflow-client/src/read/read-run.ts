import { fromWireDouble } from '../rest/double.ts'
import type { RunStatus, WireDataset, WireKeyValue, WireRun } from '../rest/wire.ts'

/** A run read from the server. */
export interface RunRecord {
  readonly id: string
  readonly name: string
  readonly experimentId: string
  readonly status: RunStatus
  readonly startedAt: Date | undefined
  readonly endedAt: Date | undefined
  /** The last value of each metric. */
  readonly metrics: Readonly<Record<string, number>>
  readonly params: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
  readonly datasets: readonly WireDataset[]
  /** The address of its artifacts. */
  readonly artifactUri: string
}

/** Convert a run from the server's names and types. */
export function toRunRecord({ info, data, inputs }: WireRun): RunRecord {
  return {
    id: info.run_id,
    name: info.run_name ?? '',
    experimentId: info.experiment_id,
    status: info.status,
    startedAt: toDate(info.start_time),
    endedAt: toDate(info.end_time),
    metrics: Object.fromEntries((data.metrics ?? []).map(({ key, value }) => [key, fromWireDouble(value)])),
    params: toTexts(data.params),
    tags: toTexts(data.tags),
    datasets: (inputs?.dataset_inputs ?? []).map(({ dataset }) => dataset),
    artifactUri: info.artifact_uri ?? '',
  }
}

function toDate(time: number | string | undefined): Date | undefined {
  // MLflow uses 0 for "not yet".
  return time === undefined || Number(time) === 0 ? undefined : new Date(Number(time))
}

function toTexts(pairs: readonly WireKeyValue[] = []): Record<string, string> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, value]))
}
