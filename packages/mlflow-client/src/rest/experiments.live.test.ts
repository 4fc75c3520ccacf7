import { randomUUID } from 'node:crypto'
import { expect, inject, test } from 'vitest'
import {
  createExperiment,
  deleteExperiment,
  deleteExperimentTag,
  getExperiment,
  getExperimentByName,
  renameExperiment,
  restoreExperiment,
  searchExperiments,
  setExperimentTag,
} from './experiments.ts'
import { createTransport } from './transport.ts'

const transport = createTransport({ trackingUri: inject('mlflow').trackingUri })
const name = `experiments ${randomUUID()}`

test('an experiment is created, found, renamed, tagged, deleted and restored', async () => {
  const id = await createExperiment(transport, name, { tags: [{ key: 'team', value: 'soen' }] })
  expect(await getExperiment(transport, id)).toMatchObject({
    name,
    lifecycle_stage: 'active',
    tags: [{ key: 'team', value: 'soen' }],
  })
  await renameExperiment(transport, { experimentId: id, name: `${name} two` })
  expect(await getExperimentByName(transport, name)).toBeUndefined()
  await setExperimentTag(transport, { experimentId: id, key: 'stage', value: 'one' })
  await deleteExperimentTag(transport, { experimentId: id, key: 'team' })
  expect((await getExperiment(transport, id)).tags).toEqual([{ key: 'stage', value: 'one' }])

  await deleteExperiment(transport, id)
  const filter = `name LIKE '${name}%'`
  expect(await Array.fromAsync(searchExperiments(transport, { filter }))).toEqual([])
  const deleted = await Array.fromAsync(searchExperiments(transport, { filter, view: 'DELETED_ONLY' }))
  expect(deleted).toMatchObject([{ experiment_id: id, lifecycle_stage: 'deleted' }])
  await restoreExperiment(transport, id)
  expect((await getExperiment(transport, id)).lifecycle_stage).toBe('active')
})

test('a search goes through all pages in its order', async () => {
  const prefix = `paged ${randomUUID()}`
  for (const letter of ['c', 'a', 'b']) await createExperiment(transport, `${prefix} ${letter}`)
  const search = { filter: `name LIKE '${prefix}%'`, orderBy: ['name ASC'], pageSize: 2 }
  const found = await Array.fromAsync(searchExperiments(transport, search))
  expect(found.map((experiment) => experiment.name.slice(-1))).toEqual(['a', 'b', 'c'])
})

test('a refusal tells its status, code and whether to repeat it', async () => {
  await expect(getExperiment(transport, '987654321')).rejects.toMatchObject({
    name: 'MlflowError',
    status: 404,
    errorCode: 'RESOURCE_DOES_NOT_EXIST',
    retryable: false,
  })
  await expect(createExperiment(transport, 'x'.repeat(501))).rejects.toMatchObject({
    status: 400,
    errorCode: 'INVALID_PARAMETER_VALUE',
    retryable: false,
  })
})
