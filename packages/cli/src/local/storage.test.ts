import { localDefaults } from '@soen/settings'
import { expect, test } from 'vitest'
import { homeAt } from './home.ts'
import { planStorage } from './storage.ts'

const home = homeAt('/home/ada/.soen')

test('is SQLite and a folder by default', () => {
  expect(planStorage(home, {}, {}, localDefaults)).toEqual({
    backendStoreUri: 'sqlite:////home/ada/.soen/data/mlflow.db',
    artifactsDestination: '/home/ada/.soen/data/artifacts',
    shown: { database: '/home/ada/.soen/data/mlflow.db', artifacts: '/home/ada/.soen/data/artifacts' },
  })
})

test('is PostgreSQL and S3 where chosen', () => {
  const choice = {
    postgres: 'postgresql://ada@db/mlflow',
    artifacts: 's3://team/runs/',
    s3Endpoint: 'http://s3:8333',
  }
  expect(planStorage(home, choice, {}, localDefaults)).toEqual({
    backendStoreUri: 'postgresql://ada@db/mlflow',
    artifactsDestination: 's3://team/runs',
    s3EndpointUrl: 'http://s3:8333',
    shown: { database: 'postgresql://ada@db/mlflow', artifacts: 's3://team/runs' },
  })
})

test.each(['postgresql://ada:s3cret@db/mlflow', 'postgresql://ada@/mlflow?host=/run&password=s3cret'])(
  'refuses a password on the command line: %s',
  (postgres) => {
    const refused = expect.objectContaining({
      code: 'SOEN_PASSWORD_ON_COMMAND_LINE',
      message: expect.not.stringContaining('s3cret'),
    })
    expect(() => planStorage(home, { postgres }, {}, localDefaults)).toThrow(refused)
  },
)

test.each([
  ['postgresql://ada:s3cret@db/mlflow', 'postgresql://ada@db/mlflow'],
  ['postgresql://ada@/mlflow?host=/run&password=s3cret', 'postgresql://ada@/mlflow?host=/run&password=***'],
  ['postgresql:///mlflow?host=/run', 'postgresql:///mlflow?host=/run'],
])('takes %s from the environment and never shows its password', (url, shown) => {
  const storage = planStorage(home, {}, { SOEN_POSTGRES_URL: url }, localDefaults)
  expect(storage.backendStoreUri).toBe(url)
  expect(storage.shown.database).toBe(shown)
})

test('refuses what is not PostgreSQL', () => {
  expect(() => planStorage(home, { postgres: 'mysql://db/mlflow' }, {}, localDefaults)).toThrow(
    expect.objectContaining({ code: 'SOEN_BAD_DATABASE_URL' }),
  )
})

const settled = {
  ...localDefaults,
  database: 'postgresql+psycopg2://ada@db/team',
  artifacts: { uri: 's3://team/runs', endpoint: 'http://s3:8333' },
}

test('is what soen.yaml says where nothing else was chosen', () => {
  expect(planStorage(home, {}, { AWS_ENDPOINT_URL_S3: 'http://other:9000' }, settled)).toMatchObject({
    backendStoreUri: 'postgresql+psycopg2://ada@db/team',
    artifactsDestination: 's3://team/runs',
    s3EndpointUrl: 'http://s3:8333',
  })
})

test('takes a flag before a variable of ours, and that before soen.yaml', () => {
  const env = { SOEN_POSTGRES_URL: 'postgresql://ada:s3cret@db/mlflow' }
  expect(planStorage(home, {}, env, settled).backendStoreUri).toBe(env.SOEN_POSTGRES_URL)
  const postgres = 'postgresql://ada@db/mine'
  expect(planStorage(home, { postgres }, env, settled).backendStoreUri).toBe(postgres)
})

test('takes no S3 server of soen.yaml for another bucket', () => {
  const { artifactsDestination, s3EndpointUrl } = planStorage(home, { artifacts: 's3://mine' }, {}, settled)
  expect([artifactsDestination, s3EndpointUrl]).toEqual(['s3://mine', undefined])
})
