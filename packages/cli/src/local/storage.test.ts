import { expect, test } from 'vitest'
import { homeAt } from './home.ts'
import { planStorage } from './storage.ts'

const home = homeAt('/home/ada/.soen')

test('is SQLite and a folder by default', () => {
  expect(planStorage(home, {}, {})).toEqual({
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
  expect(planStorage(home, choice, {})).toEqual({
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
    expect(() => planStorage(home, { postgres }, {})).toThrow(refused)
  },
)

test.each([
  ['postgresql://ada:s3cret@db/mlflow', 'postgresql://ada@db/mlflow'],
  ['postgresql://ada@/mlflow?host=/run&password=s3cret', 'postgresql://ada@/mlflow?host=/run&password=***'],
  ['postgresql:///mlflow?host=/run', 'postgresql:///mlflow?host=/run'],
])('takes %s from the environment and never shows its password', (url, shown) => {
  const storage = planStorage(home, {}, { SOEN_POSTGRES_URL: url })
  expect(storage.backendStoreUri).toBe(url)
  expect(storage.shown.database).toBe(shown)
})

test('refuses what is not PostgreSQL', () => {
  expect(() => planStorage(home, { postgres: 'mysql://db/mlflow' }, {})).toThrow(
    expect.objectContaining({ code: 'SOEN_BAD_DATABASE_URL' }),
  )
})
