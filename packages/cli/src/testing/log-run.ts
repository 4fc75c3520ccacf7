/** Logs a run with the SDK, configured by its environment alone; prints its id as JSON. */
import { init } from '@soen/mlflow-client'

const client = await init()
const run = client.startRun({ experiment: 'from TypeScript', name: 'a training' })
run.log({ loss: 0.5 })
await run.end()
await client.close()
process.stdout.write(`${JSON.stringify({ runId: run.remote?.runId })}\n`)
