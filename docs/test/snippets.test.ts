import { fileURLToPath } from 'node:url'
import { loadConfig, resolveSettings } from '@soen/mlflow-client/settings'
import { expect, test } from 'vitest'

function snippet(name: string): string {
  return fileURLToPath(new URL(`../snippets/${name}`, import.meta.url))
}

test('the block for teammates is what the client understands', async () => {
  const settings = resolveSettings({ configFile: await loadConfig(snippet('training.yaml')) })
  expect(settings).toMatchObject({
    active: true,
    trackingUri: 'http://127.0.0.1:5500',
    credentials: { kind: 'basic', username: 'USER', password: 'PASSWORD' },
  })
})

test('the variables of the page win over the file', async () => {
  const env = {
    MLFLOW_TRACKING_URI: 'http://127.0.0.1:9',
    MLFLOW_TRACKING_USERNAME: 'ann',
    MLFLOW_TRACKING_PASSWORD: 'pw',
  }
  const settings = resolveSettings({ env, configFile: await loadConfig(snippet('training.yaml')) })
  expect(settings).toMatchObject({
    trackingUri: 'http://127.0.0.1:9',
    credentials: { kind: 'basic', username: 'ann', password: 'pw' },
  })
})

test('the block that switches logging off does', async () => {
  const settings = resolveSettings({ configFile: await loadConfig(snippet('disabled.yaml')) })
  expect(settings.active).toBe(false)
})

test('a file without a block switches logging off, too', () => {
  expect(resolveSettings({ configFile: { training: { epochs: 20 } } }).active).toBe(false)
})
