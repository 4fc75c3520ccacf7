import type { RunStatus } from '../rest/wire.ts'
import { integerField, textField, type MetaFields } from './meta-fields.ts'
import { toMetaYaml } from './meta-yaml.ts'

/** The content of a run's `meta.yaml`. */
export interface RunMeta {
  readonly runId: string
  readonly experimentId: string
  readonly name: string
  readonly userId: string
  readonly status: RunStatus
  readonly lifecycle: 'active' | 'deleted'
  /** Milliseconds since 1970. */
  readonly startTimeMs: number | undefined
  readonly endTimeMs: number | undefined
  /** When it was deleted; undefined for an active run. */
  readonly deletedTimeMs?: number | undefined
  readonly artifactUri: string
}

/** MLflow's numbers for a run's status. */
const STATUS_NUMBERS = { RUNNING: 1, SCHEDULED: 2, FINISHED: 3, FAILED: 4, KILLED: 5 } as const
const STATUSES = ['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'] as const

/** The text of a run's `meta.yaml`, with every field that MLflow writes. */
export function toRunYaml(meta: RunMeta): string {
  return toMetaYaml({
    artifact_uri: meta.artifactUri,
    ...(meta.deletedTimeMs !== undefined && { deleted_time: meta.deletedTimeMs }),
    end_time: meta.endTimeMs ?? null,
    entry_point_name: '',
    experiment_id: meta.experimentId,
    lifecycle_stage: meta.lifecycle,
    run_id: meta.runId,
    run_name: meta.name,
    source_name: '',
    source_type: 4,
    source_version: '',
    start_time: meta.startTimeMs ?? null,
    status: STATUS_NUMBERS[meta.status],
    tags: [],
    user_id: meta.userId,
  })
}

/** Parse a run's fields; undefined when one is missing without which MLflow fails. */
export function fromRunFields(fields: MetaFields): RunMeta | undefined {
  // Old MLflow versions wrote run_uuid.
  const runId = textField(fields, 'run_id') ?? textField(fields, 'run_uuid')
  const experimentId = textField(fields, 'experiment_id')
  const needed = ['artifact_uri', 'end_time', 'start_time', 'user_id']
  if (runId === undefined || experimentId === undefined) return undefined
  if (!needed.every((key) => fields.has(key))) return undefined
  return {
    runId,
    experimentId,
    name: textField(fields, 'run_name') ?? '',
    userId: textField(fields, 'user_id') ?? '',
    // As in MLflow: a run without a status is running.
    status: statusFrom(fields) ?? 'RUNNING',
    lifecycle: fields.get('lifecycle_stage') === 'deleted' ? 'deleted' : 'active',
    startTimeMs: integerField(fields, 'start_time'),
    endTimeMs: integerField(fields, 'end_time'),
    deletedTimeMs: integerField(fields, 'deleted_time'),
    artifactUri: textField(fields, 'artifact_uri') ?? '',
  }
}

/** The status with a description's number; undefined for an unknown one. */
export function statusFrom(fields: MetaFields): RunStatus | undefined {
  const number = integerField(fields, 'status')
  return STATUSES.find((status) => STATUS_NUMBERS[status] === number)
}
