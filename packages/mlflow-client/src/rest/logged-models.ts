import { everyItem } from './paging.ts'
import type { Transport } from './transport.ts'
import type { LoggedModelStatus, WireLoggedModel } from './wire-models.ts'
import type { WireFile, WireKeyValue } from './wire.ts'

const PATH = '/api/2.0/mlflow/logged-models'

interface ModelAnswer {
  readonly model: WireLoggedModel
}

/** A new logged model. */
export interface NewLoggedModel {
  readonly experimentId: string
  readonly name: string
  readonly modelType?: string
  /** The run that produced it. */
  readonly sourceRunId?: string
  readonly params?: readonly WireKeyValue[]
  readonly tags?: readonly WireKeyValue[]
}

/** Create a logged model; it is pending until `finalizeLoggedModel`. Its files are uploaded to its artifact URI. */
export async function createLoggedModel(
  transport: Transport,
  { experimentId, name, modelType, sourceRunId, params = [], tags = [] }: NewLoggedModel,
): Promise<WireLoggedModel> {
  const answer = await transport.json<ModelAnswer>('POST', PATH, {
    json: {
      experiment_id: experimentId,
      name,
      model_type: modelType,
      source_run_id: sourceRunId,
      params,
      tags,
    },
  })
  return answer.model
}

/** Set the status of a logged model: all its files are uploaded, or the upload failed. */
export async function finalizeLoggedModel(
  transport: Transport,
  { modelId, status }: { readonly modelId: string; readonly status: LoggedModelStatus },
): Promise<WireLoggedModel> {
  const answer = await transport.json<ModelAnswer>('PATCH', pathOf(modelId), {
    json: { model_id: modelId, status },
  })
  return answer.model
}

/** A logged model with its params, tags and metrics. */
export async function getLoggedModel(transport: Transport, modelId: string): Promise<WireLoggedModel> {
  const answer = await transport.json<ModelAnswer>('GET', pathOf(modelId))
  return answer.model
}

/** The criteria for finding logged models. */
export interface LoggedModelSearch {
  readonly experimentIds: readonly string[]
  /** MLflow's filter language, for example `params.depth = '4'`. */
  readonly filter?: string
  readonly pageSize?: number
}

/** All matching logged models, page by page. */
export function searchLoggedModels(
  transport: Transport,
  { experimentIds, filter, pageSize = 50 }: LoggedModelSearch,
): AsyncGenerator<WireLoggedModel, void, undefined> {
  return everyItem(
    (token) =>
      transport.json<{ models?: readonly WireLoggedModel[]; next_page_token?: string }>(
        'POST',
        `${PATH}/search`,
        { json: { experiment_ids: experimentIds, filter, max_results: pageSize, page_token: token } },
      ),
    (page) => page.models,
  )
}

/** Add params to a logged model. */
export async function logLoggedModelParams(
  transport: Transport,
  { modelId, params }: { readonly modelId: string; readonly params: readonly WireKeyValue[] },
): Promise<void> {
  await transport.json('POST', `${pathOf(modelId)}/params`, { json: { model_id: modelId, params } })
}

/** Set tags of a logged model. */
export async function setLoggedModelTags(
  transport: Transport,
  { modelId, tags }: { readonly modelId: string; readonly tags: readonly WireKeyValue[] },
): Promise<void> {
  await transport.json('PATCH', `${pathOf(modelId)}/tags`, { json: { model_id: modelId, tags } })
}

/** Remove one tag of a logged model. */
export async function deleteLoggedModelTag(
  transport: Transport,
  { modelId, key }: { readonly modelId: string; readonly key: string },
): Promise<void> {
  await transport.json('DELETE', `${pathOf(modelId)}/tags/${encodeURIComponent(key)}`)
}

/**
 * The files and folders directly below `path` of a logged model. Files are written and read as a run's, at its
 * artifact URI.
 */
export async function listLoggedModelArtifacts(
  transport: Transport,
  { modelId, path }: { readonly modelId: string; readonly path?: string },
): Promise<readonly WireFile[]> {
  const files = everyItem(
    (token) =>
      transport.json<{ files?: readonly WireFile[]; next_page_token?: string }>(
        'GET',
        `${pathOf(modelId)}/artifacts/directories`,
        { query: { artifact_directory_path: path, page_token: token } },
      ),
    (page) => page.files,
  )
  return await Array.fromAsync(files)
}

/** Mark a logged model as deleted. */
export async function deleteLoggedModel(transport: Transport, modelId: string): Promise<void> {
  await transport.json('DELETE', pathOf(modelId))
}

function pathOf(modelId: string): string {
  return `${PATH}/${encodeURIComponent(modelId)}`
}
