// A training that leaves the block of its run, in the way its third argument names.
import { Client } from '../run/client.ts'
import { testSettings } from './settings.ts'

const [trackingUri = '', spoolDir = '', ending = ''] = process.argv.slice(2)
const settings = testSettings(trackingUri, spoolDir)

async function train(): Promise<void> {
  const client = new Client(settings).on('warn', () => {})
  await using run = client.startRun({ name: 'left' })
  run.log({ loss: 0.5 })
  if (ending.includes('ends it')) await run.end({ status: 'KILLED' })
  if (ending.includes('error')) throw new Error('out of memory')
}

async function trainWithClient(): Promise<void> {
  await using client = new Client(settings).on('warn', () => {})
  await using run = client.startRun({ name: 'left' })
  run.log({ loss: 0.5 })
  throw new Error('out of memory')
}

if (ending === 'error, exit code') {
  await train().catch(() => {
    process.exitCode = 1
  })
} else if (ending === 'error, exit') {
  await train().catch(() => process.exit(1))
} else if (ending === 'error, not awaited') void train()
else if (ending === 'error, handled') await train().catch(() => {})
else if (ending === 'error, client too') await trainWithClient()
else await train()
if (ending === 'later failure') setTimeout(() => process.exit(1), 20)
