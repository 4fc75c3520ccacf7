import { expect, it } from 'vitest'
import { openUpstream } from '../forward/upstream.ts'
import { startFakeUpstream } from '../testing/fake-upstream.ts'
import { healthProbe } from './health.ts'

it('asks MLflow once for all who ask at the same time, and again when the answer is old', async () => {
  await using fake = await startFakeUpstream()
  const upstream = openUpstream(`unix:${fake.socketPath}`)
  let now = 0
  const health = healthProbe(upstream, { freshMs: 1000, now: () => now })
  const up = { status: 'ok', upstream: 'up' }
  expect(await Promise.all([health(), health()])).toEqual([up, up])
  now = 999
  await health()
  expect(fake.hits).toEqual(['GET /health'])
  now = 1000
  await health()
  expect(fake.hits).toEqual(['GET /health', 'GET /health'])
  await upstream.destroy()
})

it('calls an MLflow down that fails, hangs or is not there', async () => {
  const down = { status: 'degraded', upstream: 'down' }
  await using failing = await startFakeUpstream((_request, response) => void response.writeHead(500).end())
  await using hanging = await startFakeUpstream(() => undefined)
  for (const path of [failing.socketPath, hanging.socketPath, '/nowhere/mlflow.sock']) {
    const upstream = openUpstream(`unix:${path}`)
    expect(await healthProbe(upstream, { timeoutMs: 50 })()).toEqual(down)
    await upstream.destroy()
  }
})
