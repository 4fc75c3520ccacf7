import { call } from './call.ts'
import { MlflowError } from './mlflow-error.ts'
import { everyItem } from './paging.ts'
import type { Transport } from './transport.ts'
import type { ViewType, WireExperiment, WireKeyValue } from './wire.ts'

/** The experiment with that name, even if it is deleted; undefined if there is none. */
export async function getExperimentByName(
  transport: Transport,
  name: string,
): Promise<WireExperiment | undefined> {
  try {
    const answer = await call(transport, 'GET experiments/get-by-name', { experiment_name: name })
    return answer.experiment
  } catch (error) {
    if (error instanceof MlflowError && error.errorCode === 'RESOURCE_DOES_NOT_EXIST') return undefined
    throw error
  }
}

/** An experiment with its tags, even if it is deleted. */
export async function getExperiment(transport: Transport, experimentId: string): Promise<WireExperiment> {
  const answer = await call(transport, 'GET experiments/get', { experiment_id: experimentId })
  return answer.experiment
}

/** Create an experiment; resolves to its id. */
export async function createExperiment(
  transport: Transport,
  name: string,
  { tags = [] }: { readonly tags?: readonly WireKeyValue[] } = {},
): Promise<string> {
  const answer = await call(transport, 'POST experiments/create', { name, tags })
  return answer.experiment_id
}

/** The criteria for finding experiments. */
export interface ExperimentSearch {
  /** MLflow's filter language, for example `name LIKE 'dendrites%'`. */
  readonly filter?: string
  readonly view?: ViewType
  readonly orderBy?: readonly string[]
  readonly pageSize?: number
}

/** All matching experiments, page by page. */
export function searchExperiments(
  transport: Transport,
  { filter = '', view = 'ACTIVE_ONLY', orderBy = [], pageSize = 1000 }: ExperimentSearch = {},
): AsyncGenerator<WireExperiment, void, undefined> {
  return everyItem(
    (token) =>
      call(transport, 'POST experiments/search', {
        filter,
        view_type: view,
        order_by: orderBy,
        max_results: pageSize,
        page_token: token,
      }),
    (page) => page.experiments,
  )
}

/** Rename an experiment. */
export async function renameExperiment(
  transport: Transport,
  { experimentId, name }: { readonly experimentId: string; readonly name: string },
): Promise<void> {
  await call(transport, 'POST experiments/update', { experiment_id: experimentId, new_name: name })
}

/** Mark an experiment and its runs as deleted; it can be restored. */
export async function deleteExperiment(transport: Transport, experimentId: string): Promise<void> {
  await call(transport, 'POST experiments/delete', { experiment_id: experimentId })
}

/** Restore a deleted experiment, with the runs that were deleted with it. */
export async function restoreExperiment(transport: Transport, experimentId: string): Promise<void> {
  await call(transport, 'POST experiments/restore', { experiment_id: experimentId })
}

/** Set one tag of an experiment. */
export async function setExperimentTag(
  transport: Transport,
  { experimentId, key, value }: { readonly experimentId: string } & WireKeyValue,
): Promise<void> {
  await call(transport, 'POST experiments/set-experiment-tag', { experiment_id: experimentId, key, value })
}

/** Remove one tag of an experiment. */
export async function deleteExperimentTag(
  transport: Transport,
  { experimentId, key }: { readonly experimentId: string; readonly key: string },
): Promise<void> {
  await call(transport, 'POST experiments/delete-experiment-tag', { experiment_id: experimentId, key })
}
