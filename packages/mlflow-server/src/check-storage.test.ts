import { expect, test } from 'vitest'
import { checkStorage, planStorageCheck } from './check-storage.ts'

const options = { python: '/venv/bin/python', env: {}, artifactsDestination: '/data' }
const answering = (code: number, stdout: string) => () => Promise.resolve({ code, stdout })

test('has nothing to ask of SQLite and a folder', () => {
  expect(
    planStorageCheck({ backendStoreUri: 'sqlite:////d/mlflow.db', artifactsDestination: '/data' }),
  ).toEqual({
    database: null,
    bucket: null,
    prefix: '',
    endpoint: null,
  })
})

test('asks in the words of the drivers', () => {
  const storage = {
    backendStoreUri: 'postgresql+psycopg2://db/mlflow',
    artifactsDestination: 's3://team/runs',
  }
  expect(planStorageCheck({ ...storage, s3EndpointUrl: 'http://s3:8333' })).toEqual({
    database: 'postgresql://db/mlflow',
    bucket: 'team',
    prefix: 'runs/',
    endpoint: 'http://s3:8333',
  })
})

test.each([
  ['s3://team', ''],
  ['s3://team/', ''],
  ['s3://team/artifacts/', 'artifacts/'],
  ['s3://team/lab/runs', 'lab/runs/'],
])('asks of %s for the folder %j', (artifactsDestination, prefix) => {
  const plan = planStorageCheck({ backendStoreUri: 'sqlite:////d/mlflow.db', artifactsDestination })
  expect(plan).toMatchObject({ bucket: 'team', prefix })
})

test.each([
  ['{"database":"password authentication failed","bucket":null}', 'SOEN_DATABASE_UNREACHABLE'],
  ['{"database":null,"bucket":"404"}', 'SOEN_ARTIFACTS_UNREACHABLE'],
])('turns %s into a clear error', async (stdout, code) => {
  const check = checkStorage({
    ...options,
    backendStoreUri: 'postgresql://db/mlflow',
    ask: answering(0, stdout),
  })
  await expect(check).rejects.toMatchObject({ code, hint: expect.stringMatching(/\.$/) })
})

test('lets MLflow speak for itself where it can not be asked', async () => {
  const check = checkStorage({
    ...options,
    backendStoreUri: 'postgresql://db/mlflow',
    ask: answering(1, ''),
  })
  await expect(check).resolves.toBeUndefined()
})
