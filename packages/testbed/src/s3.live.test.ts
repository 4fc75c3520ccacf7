import { expect, test } from 'vitest'
import { startMlflow } from './mlflow.ts'
import { startPostgres } from './postgres.ts'
import { bridgeToSocket } from './loopback-bridge.ts'
import { startS3 } from './s3.ts'

test("serves as MLflow's artifact store, beside PostgreSQL", async () => {
  await using s3 = await startS3()
  await using postgres = await startPostgres()
  await using mlflow = await startMlflow({
    backendStoreUri: await postgres.createDatabase('mlflow'),
    artifactsDestination: `s3://${s3.bucket}/runs`,
    s3EndpointUrl: s3.endpointUrl,
    env: s3.env,
  })
  await using bridge = await bridgeToSocket(mlflow.socketPath)
  const artifact = `${bridge.url}/api/2.0/mlflow-artifacts/artifacts/7/model.ckpt`
  const stored = await fetch(artifact, { method: 'PUT', body: 'weights' })
  expect(stored.status).toBe(200)
  expect(await (await fetch(artifact)).text()).toBe('weights')
  const info = await fetch(`${bridge.url}/api/3.0/mlflow/server-info`)
  expect(await info.json()).toMatchObject({ multipart_uploads_enabled: true })
})
