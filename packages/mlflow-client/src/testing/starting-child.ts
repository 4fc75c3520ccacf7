// A job that starts its run when told to, logs a point, and prints the server's id of the run.
import { once } from 'node:events'
import { init } from '../run/client.ts'

const [trackingUri = '', spoolDir = '', resumeKey = '', rank = ''] = process.argv.slice(2)
const client = await init({ env: {}, trackingUri, spoolDir, experiment: 'races' })
process.stdout.write('ready\n')
await once(process.stdin, 'data')
const run = client.startRun({ resumeKey, params: { [`rank ${rank}`]: 'here' } })
run.log({ [`loss ${rank}`]: 0.5 })
await run.flush()
process.stdout.write(`${run.remote?.runId}\n`)
await client.close()
process.stdin.destroy()
