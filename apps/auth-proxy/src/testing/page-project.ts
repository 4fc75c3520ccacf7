import { basic } from './auth-proxy.ts'

/** A project for MLflow's page to show: two runs with metrics and files, and a model made of the first one. */
export interface PageProject {
  readonly experiment: string
  /** Of the experiment. */
  readonly name: string
  /** The first run. */
  readonly run: string
  readonly model: string
}

const dot = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
/** Every run has them all: MLflow's own page breaks when it compares runs of which only some have files. */
const files = {
  'note.txt': 'noted',
  'dot.png': dot,
  'model/MLmodel': `flavors: {}\nsignature:\n  inputs: '[{"type": "double", "name": "width"}]'\n`,
}

/** Calls MLflow's API as bob. */
export async function asBob<Answer>(
  url: string,
  method: string,
  path: string,
  body?: object,
): Promise<Answer> {
  const answer = await fetch(`${url}/api/2.0/mlflow/${path}`, {
    method,
    headers: { authorization: basic('bob'), 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path}: ${text}`)
  const read: Answer = JSON.parse(text)
  return read
}

async function logRun(url: string, experiment: string, name: string, scale: number): Promise<string> {
  const now = Date.now()
  const order = { experiment_id: experiment, run_name: name, start_time: now }
  const { run } = await asBob<{ run: { info: { run_id: string } } }>(url, 'POST', 'runs/create', order)
  const { run_id } = run.info
  const losses = [0, 1, 2].map((step) => ({ key: 'loss', value: scale / (step + 1), timestamp: now, step }))
  const params = [{ key: 'lr', value: String(scale / 10) }]
  await asBob(url, 'POST', 'runs/log-batch', { run_id, metrics: losses, params })
  const artifacts = `${url}/api/2.0/mlflow-artifacts/artifacts/${experiment}/${run_id}/artifacts`
  for (const [file, body] of Object.entries(files)) {
    await fetch(`${artifacts}/${file}`, { method: 'PUT', headers: { authorization: basic('bob') }, body })
  }
  await asBob(url, 'POST', 'runs/update', { run_id, status: 'FINISHED', end_time: now })
  return run_id
}

/** Logs such a project as bob. */
export async function logPageProject(url: string): Promise<PageProject> {
  const id = crypto.randomUUID()
  const [name, model] = [`page ${id}`, `model-${id}`]
  const made = await asBob<{ experiment_id: string }>(url, 'POST', 'experiments/create', { name })
  const experiment = made.experiment_id
  const run = await logRun(url, experiment, 'first run', 1)
  await logRun(url, experiment, 'second run', 2)
  await asBob(url, 'POST', 'registered-models/create', { name: model })
  const source = `mlflow-artifacts:/${experiment}/${run}/artifacts/model`
  await asBob(url, 'POST', 'model-versions/create', { name: model, run_id: run, source })
  return { experiment, name, run, model }
}
