import { everyItem } from './paging.ts'
import type { Transport } from './transport.ts'
import type { WireModelVersion } from './wire-models.ts'
import type { WireKeyValue } from './wire.ts'

const PATH = '/api/2.0/mlflow/model-versions'

/** Identifies a version of a registered model. */
export interface VersionName {
  readonly name: string
  readonly version: string
}

/** A new version of a registered model. */
export interface NewModelVersion {
  readonly name: string
  /** The address of its files, for example `runs:/RUN_ID/model` or an artifact URI. */
  readonly source: string
  readonly runId?: string
  /** The logged model that it is created from. */
  readonly modelId?: string
  readonly description?: string
  readonly tags?: readonly WireKeyValue[]
}

/** Add a version to a registered model; versions are numbered from 1. */
export async function createModelVersion(
  transport: Transport,
  { name, source, runId, modelId, description, tags = [] }: NewModelVersion,
): Promise<WireModelVersion> {
  const json = { name, source, run_id: runId, model_id: modelId, description, tags }
  const answer = await transport.json<{ model_version: WireModelVersion }>('POST', `${PATH}/create`, { json })
  return answer.model_version
}

/** One version with its tags and aliases. */
export async function getModelVersion(
  transport: Transport,
  { name, version }: VersionName,
): Promise<WireModelVersion> {
  const answer = await transport.json<{ model_version: WireModelVersion }>('GET', `${PATH}/get`, {
    query: { name, version },
  })
  return answer.model_version
}

/** The criteria for finding versions. */
export interface ModelVersionSearch {
  /** MLflow's filter language, for example `name = 'dendrite'` or `run_id = '…'`. */
  readonly filter?: string
  readonly orderBy?: readonly string[]
  readonly pageSize?: number
}

/** All matching versions, page by page. */
export function searchModelVersions(
  transport: Transport,
  { filter, orderBy = [], pageSize = 1000 }: ModelVersionSearch = {},
): AsyncGenerator<WireModelVersion, void, undefined> {
  return everyItem(
    (token) =>
      transport.json<{ model_versions?: readonly WireModelVersion[]; next_page_token?: string }>(
        'GET',
        `${PATH}/search`,
        { query: { filter, order_by: orderBy, max_results: pageSize, page_token: token } },
      ),
    (page) => page.model_versions,
  )
}

/** Set the description of a version. */
export async function updateModelVersion(
  transport: Transport,
  version: VersionName & { readonly description: string },
): Promise<void> {
  await transport.json('PATCH', `${PATH}/update`, { json: version })
}

/** Delete a version permanently; its files stay with their run. */
export async function deleteModelVersion(
  transport: Transport,
  { name, version }: VersionName,
): Promise<void> {
  await transport.json('DELETE', `${PATH}/delete`, { json: { name, version } })
}

/** The address of a version's files. */
export async function getModelVersionUri(
  transport: Transport,
  { name, version }: VersionName,
): Promise<string> {
  const answer = await transport.json<{ artifact_uri: string }>('GET', `${PATH}/get-download-uri`, {
    query: { name, version },
  })
  return answer.artifact_uri
}

/** Set one tag of a version. */
export async function setModelVersionTag(
  transport: Transport,
  tag: VersionName & WireKeyValue,
): Promise<void> {
  await transport.json('POST', `${PATH}/set-tag`, { json: tag })
}

/** Remove one tag of a version. */
export async function deleteModelVersionTag(
  transport: Transport,
  tag: VersionName & { readonly key: string },
): Promise<void> {
  await transport.json('DELETE', `${PATH}/delete-tag`, { json: tag })
}
