import { expect, test } from 'vitest'
import { inheritedEnv } from './inherited-env.ts'

test('passes what MLflow needs to reach its stores, and nothing else', () => {
  const env = {
    PATH: '/bin',
    AWS_PROFILE: 'team',
    PGPASSFILE: '/home/ada/.pgpass',
    https_proxy: 'http://proxy:3128',
    MLFLOW_TRACKING_PASSWORD: 's3cret',
    MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'true',
    SOEN_POSTGRES_URL: 'postgresql://ada:s3cret@db/mlflow',
    GITHUB_TOKEN: 's3cret',
    PYTHONPATH: '/tmp',
    EMPTY: undefined,
  }
  expect(Object.keys(inheritedEnv(env))).toEqual(['PATH', 'AWS_PROFILE', 'PGPASSFILE', 'https_proxy'])
})
