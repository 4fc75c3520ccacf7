import { randomUUID } from 'node:crypto'
import { beforeAll, expect, inject, test } from 'vitest'
import { putArtifact } from './artifacts.ts'
import { createExperiment } from './experiments.ts'
import {
  createLoggedModel,
  deleteLoggedModel,
  deleteLoggedModelTag,
  finalizeLoggedModel,
  getLoggedModel,
  listLoggedModelArtifacts,
  logLoggedModelParams,
  searchLoggedModels,
  setLoggedModelTags,
} from './logged-models.ts'
import {
  createModelVersion,
  deleteModelVersion,
  deleteModelVersionTag,
  getModelVersion,
  getModelVersionUri,
  searchModelVersions,
  setModelVersionTag,
  updateModelVersion,
} from './model-versions.ts'
import {
  createRegisteredModel,
  deleteModelAlias,
  deleteRegisteredModel,
  deleteRegisteredModelTag,
  getModelVersionByAlias,
  getRegisteredModel,
  renameRegisteredModel,
  searchRegisteredModels,
  setModelAlias,
  setRegisteredModelTag,
  updateRegisteredModel,
} from './registered-models.ts'
import { createRun } from './runs.ts'
import { createTransport } from './transport.ts'
import type { WireRun } from './wire.ts'

const transport = createTransport({ trackingUri: inject('mlflow').trackingUri })
let experimentId: string
let run: WireRun

beforeAll(async () => {
  experimentId = await createExperiment(transport, `models ${randomUUID()}`)
  run = await createRun(transport, { experimentId, name: 'r', startTimeMs: 1, tags: [] })
  const artifactUri = run.info.artifact_uri ?? ''
  await putArtifact(transport, { artifactUri, path: 'model/weights', content: new Blob(['w']) })
})

test('a registered model is created, described, tagged, renamed, found and removed', async () => {
  const prefix = `registered ${randomUUID()}`
  for (const letter of ['c', 'a', 'b']) {
    await createRegisteredModel(transport, {
      name: `${prefix} ${letter}`,
      tags: [{ key: 'k', value: letter }],
    })
  }
  const name = `${prefix} z`
  await renameRegisteredModel(transport, { name: `${prefix} c`, newName: name })
  await updateRegisteredModel(transport, { name, description: '# Größe' })
  await setRegisteredModelTag(transport, { name, key: 'team', value: 'soen' })
  await deleteRegisteredModelTag(transport, { name, key: 'k' })
  expect(await getRegisteredModel(transport, name)).toMatchObject({
    name,
    description: '# Größe',
    tags: [{ key: 'team', value: 'soen' }],
  })
  const search = { filter: `name LIKE '${prefix}%'`, orderBy: ['name ASC'], pageSize: 2 }
  const found = await Array.fromAsync(searchRegisteredModels(transport, search))
  expect(found.map((model) => model.name.slice(-1))).toEqual(['a', 'b', 'z'])
  await deleteRegisteredModel(transport, name)
  await expect(getRegisteredModel(transport, name)).rejects.toMatchObject({
    errorCode: 'RESOURCE_DOES_NOT_EXIST',
  })
  await expect(createRegisteredModel(transport, { name: `${prefix} a` })).rejects.toMatchObject({
    errorCode: 'RESOURCE_ALREADY_EXISTS',
  })
})

test('versions of a model are created, described, tagged, named by aliases, found and removed', async () => {
  const name = `versions ${randomUUID()}`
  await createRegisteredModel(transport, { name })
  const runId = run.info.run_id
  const source = `${run.info.artifact_uri}/model`
  for (let count = 0; count < 3; count += 1) {
    await createModelVersion(transport, { name, source, runId, tags: [{ key: 'n', value: String(count) }] })
  }
  await updateModelVersion(transport, { name, version: '1', description: 'the first' })
  await setModelVersionTag(transport, { name, version: '1', key: 'checked', value: 'yes' })
  await deleteModelVersionTag(transport, { name, version: '1', key: 'n' })
  expect(await getModelVersion(transport, { name, version: '1' })).toMatchObject({
    version: '1',
    description: 'the first',
    status: 'READY',
    run_id: runId,
    tags: [{ key: 'checked', value: 'yes' }],
  })
  expect(await getModelVersionUri(transport, { name, version: '1' })).toBe(source)

  await setModelAlias(transport, { name, alias: 'champion', version: '1' })
  await setModelAlias(transport, { name, alias: 'champion', version: '2' })
  expect(await getModelVersionByAlias(transport, { name, alias: 'champion' })).toMatchObject({ version: '2' })
  expect((await getRegisteredModel(transport, name)).aliases).toEqual([{ alias: 'champion', version: '2' }])
  await deleteModelAlias(transport, { name, alias: 'champion' })
  await expect(getModelVersionByAlias(transport, { name, alias: 'champion' })).rejects.toMatchObject({
    status: 400,
  })

  const search = { filter: `name = '${name}'`, orderBy: ['version_number ASC'], pageSize: 2 }
  const found = await Array.fromAsync(searchModelVersions(transport, search))
  expect(found.map(({ version }) => version)).toEqual(['1', '2', '3'])
  await deleteModelVersion(transport, { name, version: '1' })
  expect(await Array.fromAsync(searchModelVersions(transport, search))).toHaveLength(2)
})

test('a logged model is begun, described, finished, found and removed', async () => {
  const { info } = await createLoggedModel(transport, {
    experimentId,
    name: 'dendrite',
    modelType: 'soen',
    sourceRunId: run.info.run_id,
    params: [{ key: 'depth', value: '4' }],
    tags: [{ key: 'a', value: '1' }],
  })
  const modelId = info.model_id
  expect(info).toMatchObject({ name: 'dendrite', model_type: 'soen', source_run_id: run.info.run_id })
  await logLoggedModelParams(transport, { modelId, params: [{ key: 'width', value: '8' }] })
  await setLoggedModelTags(transport, { modelId, tags: [{ key: 'b/c', value: '2' }] })
  await deleteLoggedModelTag(transport, { modelId, key: 'a' })
  const artifactUri = info.artifact_uri ?? ''
  for (const path of ['MLmodel', 'data/weights.bin'])
    await putArtifact(transport, { artifactUri, path, content: new Blob(['bytes']) })
  expect(await listLoggedModelArtifacts(transport, { modelId })).toMatchObject([
    { path: 'MLmodel', file_size: 5 },
    { path: 'data', is_dir: true },
  ])
  expect(await listLoggedModelArtifacts(transport, { modelId, path: 'data' })).toMatchObject([
    { path: 'data/weights.bin' },
  ])
  const finished = await finalizeLoggedModel(transport, { modelId, status: 'LOGGED_MODEL_READY' })
  expect(finished.info.model_id).toBe(modelId)

  const { info: read, data } = await getLoggedModel(transport, modelId)
  expect(Object.fromEntries(data?.params?.map(({ key, value }) => [key, value]) ?? [])).toEqual({
    depth: '4',
    width: '8',
  })
  const tags = Object.fromEntries(read.tags?.map(({ key, value }) => [key, value]) ?? [])
  expect(tags).toMatchObject({ 'b/c': '2' })
  expect(tags).not.toHaveProperty('a')

  for (const name of ['x', 'y']) await createLoggedModel(transport, { experimentId, name })
  const experimentIds = [experimentId]
  expect(await Array.fromAsync(searchLoggedModels(transport, { experimentIds, pageSize: 2 }))).toHaveLength(3)
  const filter = "params.depth = '4'"
  expect(await Array.fromAsync(searchLoggedModels(transport, { experimentIds, filter }))).toMatchObject([
    { info: { model_id: modelId } },
  ])
  await deleteLoggedModel(transport, modelId)
  expect(await Array.fromAsync(searchLoggedModels(transport, { experimentIds, filter }))).toEqual([])
})
