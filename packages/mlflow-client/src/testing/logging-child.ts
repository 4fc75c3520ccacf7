// A training that logs a point each millisecond until it is killed, printing each step once it is accepted.
import { setTimeout } from 'node:timers/promises'
import { Client } from '../run/client.ts'
import { testSettings } from './settings.ts'

const [trackingUri = '', spoolDir = ''] = process.argv.slice(2)
const run = new Client(testSettings(trackingUri, spoolDir)).startRun({
  name: 'to be killed',
  params: { lr: 0.1 },
})
for (let step = 0; ; step += 1) {
  run.log({ loss: 1 / (step + 1) }, { step })
  process.stdout.write(`${step} ${Date.now()}\n`)
  await setTimeout(1)
}
