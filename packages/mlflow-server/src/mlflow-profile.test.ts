import { expect, test } from 'vitest'
import { mlflowProfile, mlflowProgram } from './mlflow-profile.ts'

const laptop = {
  python: '/venv/bin/python',
  socketPath: '/home/ada/.soen/run/mlflow.sock',
  backendStoreUri: 'sqlite:////home/ada/.soen/data/mlflow.db',
  artifactsDestination: '/home/ada/.soen/data/artifacts',
}

test('runs two workers on a unix socket, without job runner and telemetry', () => {
  const plan = mlflowProfile(laptop)
  expect(plan.args).toEqual([mlflowProgram, 'server', '--workers', '2'])
  expect(plan.env).toMatchObject({
    MLFLOW_SERVER_ALLOWED_HOSTS: 'localhost',
    MLFLOW_UVICORN_OPTS: "--uds '/home/ada/.soen/run/mlflow.sock' --no-access-log",
    MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
    MLFLOW_ENABLE_AI_GATEWAY: 'false',
    MLFLOW_DISABLE_TELEMETRY: 'true',
  })
})

test('keeps a database password out of the command line', () => {
  const plan = mlflowProfile({ ...laptop, backendStoreUri: 'postgresql://mlflow:s3cret@db/mlflow' })
  expect([plan.command, ...plan.args].join(' ')).not.toContain('s3cret')
  expect(plan.env['MLFLOW_BACKEND_STORE_URI']).toBe('postgresql+psycopg2://mlflow:s3cret@db/mlflow')
})

test.each(['postgres://db/mlflow', 'postgresql://db/mlflow', 'postgresql+psycopg2://db/mlflow'])(
  'names the installed driver for %s',
  (backendStoreUri) => {
    const { env } = mlflowProfile({ ...laptop, backendStoreUri })
    expect(env['MLFLOW_BACKEND_STORE_URI']).toBe('postgresql+psycopg2://db/mlflow')
  },
)

test('gives every request at once the connections it may need, where the database is PostgreSQL', () => {
  const { env } = mlflowProfile({ ...laptop, backendStoreUri: 'postgresql:///mlflow' })
  expect(env).toMatchObject({
    MLFLOW_SQLALCHEMYSTORE_POOL_SIZE: '20',
    MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW: '60',
  })
  expect(mlflowProfile(laptop).env).not.toHaveProperty('MLFLOW_SQLALCHEMYSTORE_POOL_SIZE')
})

test('offers proxied multipart transfers only where artifacts are in S3', () => {
  const s3 = mlflowProfile({
    ...laptop,
    artifactsDestination: 's3://team/artifacts',
    s3EndpointUrl: 'http://127.0.0.1:8333',
  })
  expect(s3.env).toMatchObject({
    MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD: 'true',
    MLFLOW_S3_ENDPOINT_URL: 'http://127.0.0.1:8333',
  })
  expect(mlflowProfile(laptop).env).not.toHaveProperty('MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD')
})

test('quotes a socket path as a shell would read it', () => {
  const plan = mlflowProfile({ ...laptop, socketPath: "/home/o'neil/my runs/m.sock" })
  expect(plan.env['MLFLOW_UVICORN_OPTS']).toContain(String.raw`--uds '/home/o'\''neil/my runs/m.sock'`)
})

test('refuses a socket path that the kernel would cut', () => {
  expect(() => mlflowProfile({ ...laptop, socketPath: `/${'x'.repeat(110)}/m.sock` })).toThrow(
    expect.objectContaining({ code: 'SOEN_SOCKET_PATH_TOO_LONG' }),
  )
})
