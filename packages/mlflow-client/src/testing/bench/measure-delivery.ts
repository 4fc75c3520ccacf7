import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import { createExperiment } from '../../rest/experiments.ts'
import { createRun } from '../../rest/runs.ts'
import { createTransport } from '../../rest/transport.ts'
import { Client } from '../../run/client.ts'
import { testSettings } from '../settings.ts'

const BATCH = 1000

/** Metrics per second, from the first call until the server has acknowledged the last. */
export async function measureDelivery(trackingUri: string, folder: string, points: number): Promise<number> {
  const client = new Client(testSettings(trackingUri, folder, { experiment: 'bench delivery' }))
  const run = client.startRun()
  await run.flush()
  const start = performance.now()
  for (let step = 0; step < points; step += 1) {
    run.log({ loss: 1 / (step + 1) }, { step })
    if (step % BATCH === 0) await new Promise(setImmediate)
  }
  const receipt = await run.end({ timeoutMs: 600_000 })
  const seconds = (performance.now() - start) / 1000
  await client.close()
  if (receipt.delivered !== points) throw new Error(`Only ${receipt.delivered} points were delivered.`)
  return points / seconds
}

/** The same with a bare loop that only sends full batches, one after the other. */
export async function measureBareLoop(trackingUri: string, points: number): Promise<number> {
  const transport = createTransport({ trackingUri })
  const experimentId = await createExperiment(transport, `bench bare ${Date.now()}`)
  const run = await createRun(transport, { experimentId, name: 'bare', startTimeMs: Date.now(), tags: [] })
  const url = `${trackingUri}/api/2.0/mlflow/runs/log-batch`
  const start = performance.now()
  for (let first = 0; first < points; first += BATCH) {
    const metrics = Array.from({ length: Math.min(BATCH, points - first) }, (_, index) => {
      const step = first + index
      return { key: 'loss', value: 1 / (step + 1), timestamp: Date.now(), step }
    })
    const body = JSON.stringify({ run_id: run.info.run_id, metrics })
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    await response.text()
    if (!response.ok) throw new Error(`The server answered ${response.status}.`)
  }
  return points / ((performance.now() - start) / 1000)
}

/** The delay of the event loop, in ms, while 5,000 points a second are logged and delivered. */
export async function measureLag(trackingUri: string, folder: string, seconds: number): Promise<number> {
  const client = new Client(testSettings(trackingUri, folder, { experiment: 'bench lag' }))
  const run = client.startRun()
  await run.flush()
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const start = performance.now()
  for (let step = 0; performance.now() < start + seconds * 1000; await setTimeout(5)) {
    for (const due = (performance.now() - start) * 5; step < due; step += 1) run.log({ loss: step }, { step })
  }
  delay.disable()
  await run.end({ timeoutMs: 600_000 })
  await client.close()
  // The histogram includes its own interval of 1 ms.
  return delay.percentile(99) / 1e6 - 1
}
