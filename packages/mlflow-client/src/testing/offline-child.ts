// Logs many points without a server, and prints how much space they take on disk and in memory.
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from '../run/client.ts'
import { testSettings } from './settings.ts'

const [spoolDir = '', points = '0'] = process.argv.slice(2)
const client = new Client(testSettings('http://127.0.0.1:9', spoolDir)).on('warn', () => {})
const run = client.startRun()
let peakRss = 0
for (let step = 0; step < Number(points); step += 1) {
  run.log({ 'train_loss/total': 1 / (step + 1) }, { step })
  if (step % 1000 !== 0) continue
  await new Promise(setImmediate)
  peakRss = Math.max(peakRss, process.memoryUsage.rss())
}
await client.close({ timeoutMs: 0 })
const folder = join(spoolDir, run.id)
const segments = readdirSync(folder).filter((name) => name.endsWith('.seg'))
const journalBytes = segments.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
process.stdout.write(JSON.stringify({ journalBytes, peakRss }))
