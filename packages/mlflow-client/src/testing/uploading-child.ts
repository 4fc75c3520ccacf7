// A training that uploads a file until it is killed, printing how many bytes the store has confirmed.
import { Client } from '../run/client.ts'
import { testSettings } from './settings.ts'

const [trackingUri = '', spoolDir = '', file = ''] = process.argv.slice(2)
const client = new Client(testSettings(trackingUri, spoolDir))
client.on('progress', ({ sentBytes }) => process.stdout.write(`${sentBytes}\n`))
const run = client.startRun({ name: 'to be killed' })
run.artifact(file, { to: 'checkpoints' })
await run.end({ timeoutMs: 600_000 })
