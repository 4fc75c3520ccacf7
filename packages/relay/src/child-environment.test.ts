import { expect, test } from 'vitest'
import { childEnvironment } from './child-environment.ts'

const relay = { url: 'http://127.0.0.1:4711', username: 'ann', password: 'of-the-relay' }

test('a program is given the relay, and nothing that opens the server', () => {
  const env = childEnvironment(
    {
      HOME: '/home/ann',
      MLFLOW_TRACKING_URI: 'https://admin:secret@mlflow.example.org',
      MLFLOW_TRACKING_PASSWORD: 'secret',
      MLFLOW_TRACKING_TOKEN: 'secret',
      MLFLOW_TRACKING_CLIENT_CERT_PATH: '/secret.pem',
      MLFLOW_RUN_ID: 'of-another',
    },
    relay,
    { experiment: 'gaits' },
  )
  expect(JSON.stringify(env)).not.toContain('secret')
  expect(env).toMatchObject({
    HOME: '/home/ann',
    MLFLOW_TRACKING_URI: relay.url,
    MLFLOW_TRACKING_USERNAME: 'ann',
    MLFLOW_TRACKING_PASSWORD: 'of-the-relay',
    MLFLOW_EXPERIMENT_NAME: 'gaits',
  })
  expect(env).not.toHaveProperty('MLFLOW_RUN_ID')
})

test.each([
  [{}, '127.0.0.1'],
  [{ no_proxy: 'internal' }, 'internal,127.0.0.1'],
  [{ NO_PROXY: 'a,b', no_proxy: 'c' }, 'a,b,127.0.0.1'],
])('the proxy of %j is not asked for the relay', (env, bypassed) => {
  expect(childEnvironment(env, relay)).toMatchObject({ NO_PROXY: bypassed, no_proxy: bypassed })
})
