import { call } from './call.ts'
import { MlflowError } from './mlflow-error.ts'
import { everyItem } from './paging.ts'
import type { Transport } from './transport.ts'
import type { ViewType, WireExperiment, WireKeyValue } from './wire.ts'

/** The experiment of that name, also when it is deleted; nothing if there is none. */
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

/** An experiment with its tags, also when it is deleted. */
export async function getExperiment(transport: Transport, experimentId: string): Promise<WireExperiment> {
  const answer = await call(transport, 'GET experiments/get', { experiment_id: experimentId })
  return answer.experiment
}

/** Create an experiment; its id is the answer. */
export async function createExperiment(
  transport: Transport,
  name: string,
  { tags = [] }: { readonly tags?: readonly WireKeyValue[] } = {},
): Promise<string> {
  const answer = await call(transport, 'POST experiments/create', { name, tags })
  return answer.experiment_id
}

/** Which experiments to find. */
export interface ExperimentSearch {
  /** MLflow's filter language, for example `name LIKE 'dendrites%'`. */
  readonly filter?: string
  readonly view?: ViewType
  readonly orderBy?: readonly string[]
  readonly pageSize?: number
}

/** All experiments that match, page by page. */
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

/** Give an experiment another name. */
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

/** Bring a deleted experiment back, with the runs that were deleted with it. */
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
