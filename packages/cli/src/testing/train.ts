/**
 * Logs 1,000 metrics a second with the SDK until its stdin ends, and prints to stderr when the first was delivered;
 * then fetches every one of them from MLflow and prints a `TrainingReport` as JSON. Configured by its environment
 * alone.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { init, type Receipt } from '@soen/mlflow-client'
import { createTransport, getMetricHistory } from '@soen/mlflow-client/rest'

/** What was logged, and what MLflow stored of it. */
export interface TrainingReport {
  readonly seconds: number
  readonly logged: number
  /** How many of the logged points MLflow has. */
  readonly found: number
  /** Duplicates of points in MLflow. */
  readonly repeated: number
  readonly receipt: Receipt
}

const keys = Array.from({ length: 10 }, (_, index) => `layer-${index}`)
const everyMs = 10

const client = await init({ experiment: 'through an outage' })
const run = client.startRun({ name: 'a training' })
const stopped = new AbortController()
process.stdin.resume().once('end', () => stopped.abort())
run.log({ beginning: 0 })
void run.flush().then(() => process.stderr.write('delivering\n'))

const startedAt = performance.now()
let steps = 0
while (!stopped.signal.aborted) {
  run.log(Object.fromEntries(keys.map((key) => [key, steps])), { step: steps })
  steps += 1
  await sleep(startedAt + steps * everyMs - performance.now())
}
const seconds = (performance.now() - startedAt) / 1000
const receipt = await run.end({ timeoutMs: 120_000 })
await client.close()

const { settings } = client
if (!settings.active || settings.target !== 'server') throw new Error('The environment names no server.')
const transport = createTransport(settings)
let found = 0
let repeated = 0
for (const key of keys) {
  const history = getMetricHistory(transport, { runId: run.remote?.runId ?? '', key })
  const points = await Array.fromAsync(history, ({ step }) => step)
  const distinct = new Set(points)
  found += distinct.size
  repeated += points.length - distinct.size
}
const report: TrainingReport = { seconds, logged: steps * keys.length, found, repeated, receipt }
process.stdout.write(`${JSON.stringify(report)}\n`)
