// A training that logs a point, and then ends in the way its third argument names, without ending its run.
import { Client } from '../run/client.ts'
import { testSettings } from './settings.ts'

const [trackingUri = '', spoolDir = '', ending] = process.argv.slice(2)
const settings = testSettings(trackingUri, spoolDir)
// The timeout of a request is longer than any test.
const retry = { ...settings.retry, timeoutMs: 600_000 }
const runId = /^joins (.*)$/.exec(ending ?? '')?.[1]
const run = new Client({ ...settings, retry }).startRun({ name: 'forgotten', runId })
run.log({ loss: 0.5 })
if (ending === 'last words') process.on('exit', () => run.log({ loss: 0.4 }, { step: 1 }))
if (ending === 'exit') process.exit(0)
if (ending === 'exit 1') process.exit(1)
if (ending === 'exit 143') process.exit(143)
if (ending === 'exit later') setTimeout(() => process.exit(0), 300)
if (ending === 'throw') throw new Error('out of memory')
if (ending === 'reject') void Promise.reject(new Error('out of memory'))
if (ending === 'survive') {
  process.once('uncaughtException', () => {})
  setTimeout(() => run.log({ loss: 0.4 }), 20)
  throw new Error('not so bad')
}
