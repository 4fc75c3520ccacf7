import { everyItem } from './paging.ts'
import type { Transport } from './transport.ts'
import type { WireModelVersion, WireRegisteredModel } from './wire-models.ts'
import type { WireKeyValue } from './wire.ts'

const PATH = '/api/2.0/mlflow/registered-models'

interface ModelAnswer {
  readonly registered_model: WireRegisteredModel
}

/** Register a model; its name must be new. */
export async function createRegisteredModel(
  transport: Transport,
  model: { readonly name: string; readonly description?: string; readonly tags?: readonly WireKeyValue[] },
): Promise<WireRegisteredModel> {
  const answer = await transport.json<ModelAnswer>('POST', `${PATH}/create`, { json: model })
  return answer.registered_model
}

/** A registered model with its aliases, tags and latest versions. */
export async function getRegisteredModel(transport: Transport, name: string): Promise<WireRegisteredModel> {
  const answer = await transport.json<ModelAnswer>('GET', `${PATH}/get`, { query: { name } })
  return answer.registered_model
}

/** The criteria for finding registered models. */
export interface RegisteredModelSearch {
  /** MLflow's filter language, for example `name LIKE 'dendrite%'`. */
  readonly filter?: string
  readonly orderBy?: readonly string[]
  readonly pageSize?: number
}

/** All matching registered models, page by page. */
export function searchRegisteredModels(
  transport: Transport,
  { filter, orderBy = [], pageSize = 100 }: RegisteredModelSearch = {},
): AsyncGenerator<WireRegisteredModel, void, undefined> {
  return everyItem(
    (token) =>
      transport.json<{ registered_models?: readonly WireRegisteredModel[]; next_page_token?: string }>(
        'GET',
        `${PATH}/search`,
        { query: { filter, order_by: orderBy, max_results: pageSize, page_token: token } },
      ),
    (page) => page.registered_models,
  )
}

/** Set the description of a registered model. */
export async function updateRegisteredModel(
  transport: Transport,
  model: { readonly name: string; readonly description: string },
): Promise<void> {
  await transport.json('PATCH', `${PATH}/update`, { json: model })
}

/** Rename a registered model. */
export async function renameRegisteredModel(
  transport: Transport,
  { name, newName }: { readonly name: string; readonly newName: string },
): Promise<void> {
  await transport.json('POST', `${PATH}/rename`, { json: { name, new_name: newName } })
}

/** Delete a registered model and all its versions permanently; their files stay with their runs. */
export async function deleteRegisteredModel(transport: Transport, name: string): Promise<void> {
  await transport.json('DELETE', `${PATH}/delete`, { json: { name } })
}

/** Set one tag of a registered model. */
export async function setRegisteredModelTag(
  transport: Transport,
  tag: { readonly name: string } & WireKeyValue,
): Promise<void> {
  await transport.json('POST', `${PATH}/set-tag`, { json: tag })
}

/** Remove one tag of a registered model. */
export async function deleteRegisteredModelTag(
  transport: Transport,
  tag: { readonly name: string; readonly key: string },
): Promise<void> {
  await transport.json('DELETE', `${PATH}/delete-tag`, { json: tag })
}

/** Set an alias such as `champion` to a version; an alias stands for one version at a time. */
export async function setModelAlias(
  transport: Transport,
  alias: { readonly name: string; readonly alias: string; readonly version: string },
): Promise<void> {
  await transport.json('POST', `${PATH}/alias`, { json: alias })
}

/** Remove an alias. */
export async function deleteModelAlias(
  transport: Transport,
  alias: { readonly name: string; readonly alias: string },
): Promise<void> {
  await transport.json('DELETE', `${PATH}/alias`, { json: alias })
}

/** The version that an alias stands for. */
export async function getModelVersionByAlias(
  transport: Transport,
  alias: { readonly name: string; readonly alias: string },
): Promise<WireModelVersion> {
  const answer = await transport.json<{ model_version: WireModelVersion }>('GET', `${PATH}/alias`, {
    query: alias,
  })
  return answer.model_version
}
