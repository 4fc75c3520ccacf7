import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, startPostgres, startS3, temporaryFolder } from '@soen/testbed'
import { expect, test } from 'vitest'
import { soen, startSoen } from '../testing/running-soen.ts'

test('runs as soen.yaml says, and every verb finds it by its target', async () => {
  await using s3 = await startS3()
  await using postgres = await startPostgres()
  using folder = temporaryFolder('settings')
  const port = await freePort()
  const database = (await postgres.createDatabase('mlflow')).replace(/^postgresql:/, 'postgresql+psycopg2:')
  const artifacts = { uri: `s3://${s3.bucket}/runs`, endpoint: s3.endpointUrl }
  const targets = {
    lab: { where: 'ssh', host: { address: 'lab.example.org' }, domain: 'lab.example.org' },
    dev: { where: 'local', port, database, artifacts },
  }
  // JSON is valid YAML.
  writeFileSync(join(folder.path, 'soen.yaml'), JSON.stringify({ targets }))
  mkdirSync(join(folder.path, '.soen'))
  await using platform = await startSoen({ from: folder.path, env: s3.env })
  expect(platform.stderr()).toContain('Target dev: the platform on this computer\n')
  expect(platform.url).toBe(`http://127.0.0.1:${port}`)
  expect(platform.status()).toMatchObject({ state: 'ready', database, artifacts: artifacts.uri })

  const authorization = `Basic ${Buffer.from(`admin:${platform.adminPassword}`).toString('base64')}`
  const artifact = `${platform.url}/api/2.0/mlflow-artifacts/artifacts/0/best.ckpt`
  const stored = await fetch(artifact, { method: 'PUT', body: 'weights', headers: { authorization } })
  expect(stored.status).toBe(200)

  const verb = (line: string) => soen([...line.split(' '), '--target', 'dev'], {}, folder.path)
  expect(verb('status').stdout).toContain(platform.url)
  expect(verb('open --print').stdout).toBe(`${platform.url}\n`)
  expect(verb('logs mlflow -n 500').stdout).toContain('Uvicorn running on unix socket')
  expect(verb('user add ada').stdout).toMatch(/^ada \w{24} /)
  expect(verb('audit').stdout).toContain('added user ada')
  expect(soen(['down'], {}, folder.path).stdout).toBe('Stopped.\n')
  expect(await platform.ended).toBe(0)
})
