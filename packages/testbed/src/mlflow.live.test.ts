import { Agent, request } from 'undici'
import { expect, inject, test } from 'vitest'

test('serves the pinned MLflow on a unix socket', async () => {
  const { socketPath } = inject('mlflow')
  const dispatcher = new Agent({ connect: { socketPath } })
  const { body } = await request('http://localhost/version', { dispatcher })
  expect(await body.text()).toBe('3.17.2')
})

test('leads there from a loopback port', async () => {
  const answer = await fetch(`${inject('mlflow').trackingUri}/health`)
  expect(await answer.text()).toBe('OK')
})
