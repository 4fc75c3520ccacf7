import { expect, it, vi } from 'vitest'
import { openUpstream } from '../forward/upstream.ts'
import { startFakeUpstream } from '../testing/fake-upstream.ts'
import { readinessProbe } from './readiness.ts'

async function broken(): Promise<never> {
  throw new Error('disk full')
}

function silent(): Promise<never> {
  return new Promise(() => {})
}

it('asks MLflow once for all who ask at the same time, and again when the answer is old', async () => {
  await using fake = await startFakeUpstream()
  const upstream = openUpstream(`unix:${fake.socketPath}`)
  let now = 0
  const ready = readinessProbe({ upstream, freshMs: 1000, now: () => now })
  const up = { status: 'ready', parts: { mlflow: 'up', state: 'up' } }
  expect(await Promise.all([ready(), ready()])).toEqual([up, up])
  now = 999
  await ready()
  expect(fake.hits).toEqual(['GET /health'])
  now = 1000
  await ready()
  expect(fake.hits).toEqual(['GET /health', 'GET /health'])
  await upstream.destroy()
})

it('asks again after a second, also when the wall clock was set back meanwhile', async () => {
  await using fake = await startFakeUpstream()
  const upstream = openUpstream(`unix:${fake.socketPath}`)
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
  const ready = readinessProbe({ upstream, freshMs: 1 })
  await ready()
  vi.setSystemTime(Date.now() - 60 * 60_000)
  await new Promise((resolve) => setTimeout(resolve, 5))
  await ready()
  vi.useRealTimers()
  expect(fake.hits).toHaveLength(2)
  await upstream.destroy()
})

it('calls an MLflow down that fails, hangs or is not there', async () => {
  const down = { status: 'not ready', parts: { mlflow: 'down', state: 'up' } }
  await using failing = await startFakeUpstream((_request, response) => void response.writeHead(500).end())
  await using hanging = await startFakeUpstream(() => undefined)
  for (const path of [failing.socketPath, hanging.socketPath, '/nowhere/mlflow.sock']) {
    const upstream = openUpstream(`unix:${path}`)
    expect(await readinessProbe({ upstream, timeoutMs: 50 })()).toEqual(down)
    await upstream.destroy()
  }
})

it('calls a state down that cannot be read, or takes too long', async () => {
  await using fake = await startFakeUpstream()
  const upstream = openUpstream(`unix:${fake.socketPath}`)
  for (const readState of [broken, silent]) {
    const ready = readinessProbe({ upstream, readState, timeoutMs: 200 })
    expect(await ready()).toEqual({ status: 'not ready', parts: { mlflow: 'up', state: 'down' } })
  }
  await upstream.destroy()
})
