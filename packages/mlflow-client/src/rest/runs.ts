import { call } from './call.ts'
import { everyItem } from './paging.ts'
import type { Transport } from './transport.ts'
import type { RunStatus, ViewType, WireKeyValue, WireRun } from './wire.ts'

/** The fields of a new run. */
export interface NewRun {
  readonly experimentId: string
  readonly name: string
  /** Milliseconds since 1970. */
  readonly startTimeMs: number
  readonly tags: readonly WireKeyValue[]
  readonly userId?: string | undefined
}

/** Create a run. Not idempotent: give it a tag by which it can be found again. */
export async function createRun(transport: Transport, run: NewRun): Promise<WireRun> {
  const answer = await call(transport, 'POST runs/create', {
    experiment_id: run.experimentId,
    run_name: run.name,
    start_time: run.startTimeMs,
    tags: run.tags,
    user_id: run.userId,
  })
  return answer.run
}

/** A run with its params, tags and the last value of each metric. */
export async function getRun(transport: Transport, runId: string): Promise<WireRun> {
  const answer = await call(transport, 'GET runs/get', { run_id: runId })
  return answer.run
}

/** The fields of a run that can be changed. */
export interface RunUpdate {
  readonly runId: string
  readonly status?: RunStatus
  /** Milliseconds since 1970. */
  readonly endTimeMs?: number
  readonly name?: string
}

/** Set a run's status, end time or name. */
export async function updateRun(
  transport: Transport,
  { runId, status, endTimeMs, name }: RunUpdate,
): Promise<void> {
  await call(transport, 'POST runs/update', { run_id: runId, status, end_time: endTimeMs, run_name: name })
}

/** Mark a run as deleted; it can be restored. */
export async function deleteRun(transport: Transport, runId: string): Promise<void> {
  await call(transport, 'POST runs/delete', { run_id: runId })
}

/** Restore a deleted run. */
export async function restoreRun(transport: Transport, runId: string): Promise<void> {
  await call(transport, 'POST runs/restore', { run_id: runId })
}

/** The criteria for finding runs. */
export interface RunSearch {
  readonly experimentIds: readonly string[]
  /** MLflow's filter language. */
  readonly filter?: string
  readonly view?: ViewType
  readonly orderBy?: readonly string[]
  readonly pageSize?: number
}

/** All matching runs, page by page. */
export function searchRuns(
  transport: Transport,
  { experimentIds, filter = '', view = 'ACTIVE_ONLY', orderBy = [], pageSize = 1000 }: RunSearch,
): AsyncGenerator<WireRun, void, undefined> {
  return everyItem(
    (token) =>
      call(transport, 'POST runs/search', {
        experiment_ids: experimentIds,
        filter,
        run_view_type: view,
        max_results: pageSize,
        order_by: orderBy,
        page_token: token,
      }),
    (page) => page.runs,
  )
}
