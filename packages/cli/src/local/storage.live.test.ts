import { join } from 'node:path'
import { startPostgres, startS3, temporaryFolder } from '@soen/testbed'
import { expect, test } from 'vitest'
import { soen, startSoen } from '../testing/running-soen.ts'

test('runs on a real PostgreSQL and a real S3 bucket', async () => {
  await using s3 = await startS3()
  await using postgres = await startPostgres()
  const url = await postgres.createDatabase('mlflow')
  const storage = [
    '--postgres',
    url,
    '--artifacts',
    `s3://${s3.bucket}/runs`,
    '--s3-endpoint',
    s3.endpointUrl,
  ]
  await using platform = await startSoen({ args: storage, env: s3.env })
  const headers = {
    authorization: `Basic ${Buffer.from(`admin:${platform.adminPassword}`).toString('base64')}`,
  }

  const artifact = `${platform.url}/api/2.0/mlflow-artifacts/artifacts/0/epoch=1%20best.ckpt`
  const stored = await fetch(artifact, { method: 'PUT', body: 'weights', headers })
  expect(stored.status).toBe(200)
  expect(await (await fetch(artifact, { headers })).text()).toBe('weights')

  const info = await fetch(`${platform.url}/api/3.0/mlflow/server-info`, { headers })
  expect(await info.json()).toMatchObject({ multipart_uploads_enabled: true })
  expect(platform.status()).toMatchObject({ database: url, artifacts: `s3://${s3.bucket}/runs` })
})

test.each([
  ['--postgres', 'postgresql://ada@127.0.0.1:9/mlflow', 'SOEN_DATABASE_UNREACHABLE', 'Connection refused'],
  ['--postgres', 'postgresql:///mlflow?host=/no/such/folder', 'SOEN_DATABASE_UNREACHABLE', 'No such file'],
  ['--artifacts', 's3://no-such-bucket/runs', 'SOEN_ARTIFACTS_UNREACHABLE', 'Could not connect'],
])('says at once that %s %s can not be used', (option, value, code, cause) => {
  using folder = temporaryFolder('wrong')
  const home = join(folder.path, '.soen')
  const s3 = ['--s3-endpoint', 'http://127.0.0.1:9']
  const keys = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_DEFAULT_REGION: 'us-east-1' }
  const { status, stderr } = soen(['up', '--home', home, '--port', '0', option, value, ...s3], keys)
  expect(status).toBe(1)
  expect(stderr).toContain(code)
  expect(stderr).toContain(cause)
})

test('says at once that a database does not exist', async () => {
  await using postgres = await startPostgres()
  using folder = temporaryFolder('wrong')
  const url = (await postgres.createDatabase('mlflow')).replace('/mlflow', '/mlfow')
  const { stderr } = soen(['up', '--home', join(folder.path, '.soen'), '--port', '0', '--postgres', url])
  expect(stderr).toContain('database "mlfow" does not exist')
})
