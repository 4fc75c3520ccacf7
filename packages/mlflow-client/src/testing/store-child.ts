// A training that logs directly to a local store until it is killed, printing each step once it is written.
import { createFileTransport } from '../local-store/file-transport.ts'
import { createExperiment, getExperimentByName } from '../rest/experiments.ts'
import { createRun } from '../rest/runs.ts'
import { MlflowError } from '../rest/mlflow-error.ts'

const [root = '', clientRunId = '', firstStep = '0'] = process.argv.slice(2)
const transport = createFileTransport(root)

async function experimentId(): Promise<string> {
  const found = await getExperimentByName(transport, 'killed')
  if (found !== undefined) return found.experiment_id
  return await createExperiment(transport, 'killed').catch(async (error: unknown) => {
    if (error instanceof MlflowError && error.errorCode === 'RESOURCE_ALREADY_EXISTS')
      return await experimentId()
    throw error
  })
}

const run = await createRun(transport, {
  experimentId: await experimentId(),
  name: 'to be killed',
  startTimeMs: 1,
  tags: [{ key: 'soen.client_run_id', value: clientRunId }],
})
const runId = run.info.run_id
const points = 40
for (let step = Number(firstStep); ; step += 1) {
  // As a sender repeats them after a kill: the time stamps are in the journal, so they are the same again.
  const metrics = Array.from({ length: points }, (_, index) => ({
    key: `loss/${index % 4}`,
    value: (step * points + index) / 7,
    timestamp: 1_700_000_000_000 + step * points + index,
    step: step * points + index,
  }))
  const tags = [{ key: 'last_step', value: String(step) }]
  const params = [{ key: `param ${step % 50}`, value: 'same' }]
  await transport.json('POST', '/api/2.0/mlflow/runs/log-batch', {
    json: { run_id: runId, metrics, tags, params },
  })
  const dataset = { name: `data ${step % 20}`, digest: 'd', source_type: 'local', source: 'x' }
  await transport.json('POST', '/api/2.0/mlflow/runs/log-inputs', {
    json: { run_id: runId, datasets: [{ dataset }] },
  })
  await transport.json('POST', '/api/2.0/mlflow/runs/update', { json: { run_id: runId, status: 'RUNNING' } })
  process.stdout.write(`${step}\n`)
}
