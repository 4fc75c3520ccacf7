import { closeSync, openSync, writeSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { Client } from '../../run/client.ts'
import { startFakeMlflow } from '../fake-mlflow.ts'
import { testSettings } from '../settings.ts'
import { quantiles, sample, type Quantiles } from './quantiles.ts'

const CALLS = 20_000
const AWAITED_CALLS = 1000

/**
 * The cost of one log call to the training loop, under real conditions: with journal and delivery to a loopback
 * server.
 */
export async function measureLog(folder: string): Promise<Quantiles> {
  await using server = await startFakeMlflow()
  // Only sending is measured; storing every point would slow down the measured process as well.
  server.misbehave = ({ path }) => (path === '/runs/log-batch' ? 503 : undefined)
  const client = new Client(testSettings(server.url, folder)).on('warn', () => {})
  const run = client.startRun()
  const log = (step: number): void => run.log({ 'train_loss/total': 1 / step, lr: 0.01 }, { step })
  const micros = await sample(CALLS, log, 100)
  await client.close({ timeoutMs: 0 })
  return micros
}

/** The cheapest way to keep a record through a kill. */
export function measureWriteSync(folder: string): Quantiles {
  const fd = openSync(join(folder, 'peer'), 'w')
  const micros: number[] = []
  for (let step = 0; step < CALLS; step += 1) {
    const start = process.hrtime.bigint()
    const json = `{"k":"m","at":${Date.now()},"s":${step},"v":{"train_loss_total":0.5,"lr":0.01}}`
    writeSync(fd, `00000000 ${json}\n`)
    micros.push(Number(process.hrtime.bigint() - start) / 1000)
  }
  closeSync(fd)
  return quantiles(micros)
}

/** The cost of a loop that waits for the server at each step, even though the server does nothing. */
export async function measureAwaitedFetch(): Promise<Quantiles> {
  const server = createServer((request, response) => request.resume().on('end', () => response.end('{}')))
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : address}/api/2.0/mlflow/runs/log-batch`
  const waited = await sample(AWAITED_CALLS, async (step) => {
    const metrics = [{ key: 'train_loss_total', value: 0.5, timestamp: Date.now(), step }]
    const body = JSON.stringify({ run_id: 'r', metrics })
    const headers = { 'content-type': 'application/json' }
    await (await fetch(url, { method: 'POST', headers, body })).text()
  })
  server.closeAllConnections()
  server.close()
  return waited
}
