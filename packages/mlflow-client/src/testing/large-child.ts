// A training that uploads one file, and prints how much its memory grew at most, in bytes.
import { readFileSync } from 'node:fs'
import { Client } from '../run/client.ts'
import { testSettings } from './settings.ts'

const [trackingUri = '', spoolDir = '', file = ''] = process.argv.slice(2)
const settings = testSettings(trackingUri, spoolDir)
const client = new Client({ ...settings, retry: { ...settings.retry, timeoutMs: 600_000 } })
const run = client.startRun({ name: 'large' })
await run.flush()
const beforeBytes = process.memoryUsage.rss()
run.artifact(file)
const { delivered, warnings } = await run.end({ timeoutMs: 3_600_000 })
await client.close()
// Not `resourceUsage().maxRSS`, which starts from that of the parent program.
const peakBytes = Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024
const grownBytes = Math.max(0, peakBytes - beforeBytes)
process.stdout.write(
  JSON.stringify({ delivered, warnings, grownBytes, artifactUri: run.remote?.artifactUri }),
)
