import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadSettings } from './load-settings.ts'

async function homeWith(credentials: string): Promise<AsyncDisposable & { readonly path: string }> {
  const home = await mkdtempDisposable(join(tmpdir(), 'home-'))
  await mkdir(join(home.path, '.mlflow'))
  await writeFile(join(home.path, '.mlflow/credentials'), credentials)
  return home
}

test('completes a training file by the user’s credentials', async () => {
  await using home = await homeWith(
    '[mlflow]\nmlflow_tracking_username = ann\nmlflow_tracking_password = pw\n',
  )
  const config = join(home.path, 'train.yaml')
  await writeFile(config, 'logging:\n  mlflow_active: true\n  mlflow_tracking_uri: https://h\n')
  expect(await loadSettings({ config, env: { HOME: home.path } })).toMatchObject({
    target: 'server',
    trackingUri: 'https://h',
    credentials: { kind: 'basic', username: 'ann', password: 'pw' },
  })
})

test('gives no password of a server to a folder, and needs nothing when logging is off', async () => {
  await using home = await homeWith('[mlflow]\nmlflow_tracking_token = t\n')
  const env = { HOME: home.path }
  expect(await loadSettings({ env, call: { trackingUri: 'file:///x/mlruns' } })).toMatchObject({
    target: 'file',
    path: '/x/mlruns',
    credentials: undefined,
  })
  expect(await loadSettings({ env, config: { logging: { mlflow_active: false } } })).toMatchObject({
    active: false,
  })
})
