// A training that logs 5,000 points a second until it is killed, printing how many it has logged and when.
import { Client } from '../run/client.ts'
import { testSettings } from './settings.ts'

const POINTS_PER_MS = 5
const [trackingUri = '', spoolDir = '', experiment = 'tests'] = process.argv.slice(2)
const run = new Client(testSettings(trackingUri, spoolDir, { experiment }))
  .on('warn', () => {})
  .startRun({ name: 'to be killed', params: { lr: 0.1 } })
const started = performance.now()
let step = 0
setInterval(() => {
  for (const due = (performance.now() - started) * POINTS_PER_MS; step < due; step += 1) {
    run.log({ loss: 1 / (step + 1) }, { step })
  }
  process.stdout.write(`${step} ${performance.now()}\n`)
}, 10)
